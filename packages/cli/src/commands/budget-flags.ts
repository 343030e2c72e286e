/** Flags that say how much may be taken: of one run by each host, and of all runs by an agent's host. */
import type { Command } from 'commander';
import type { SessionBudget } from '@bpfleet/protocol';
import { parseBytes, parseCount, parseShare } from '../output/amounts.ts';

export interface BudgetFlags {
  readonly maxCpu?: number;
  readonly maxEvents?: number;
  readonly maxBytes?: number;
  readonly maxMapMemory?: number;
}

/** What the help says of each. */
export type BudgetWords = Readonly<Record<keyof BudgetFlags, string>>;

export function withBudgetFlags(command: Command, words: BudgetWords): Command {
  return command
    .option('--max-cpu <percent>', words.maxCpu, parseShare)
    .option('--max-events <rate>', words.maxEvents, parseCount)
    .option('--max-bytes <rate>', words.maxBytes, parseBytes)
    .option('--max-map-memory <size>', words.maxMapMemory, parseBytes);
}

export function budgetOf({
  maxCpu,
  maxEvents,
  maxBytes,
  maxMapMemory,
}: BudgetFlags): SessionBudget {
  return {
    ...(maxCpu === undefined ? {} : { cpuShare: maxCpu }),
    ...(maxEvents === undefined ? {} : { eventsPerSecond: maxEvents }),
    ...(maxBytes === undefined ? {} : { bytesPerSecond: maxBytes }),
    ...(maxMapMemory === undefined ? {} : { mapBytes: maxMapMemory }),
  };
}

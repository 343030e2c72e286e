/** `--from` and `--to`: the part of a session's time that a question is about. */
import type { Command } from 'commander';
import type { PartOfTime } from '@bpfleet/protocol';
import { parseMoment } from '../../output/moment.ts';

export interface RangeFlags {
  readonly from?: string;
  readonly to?: string;
}

export function withRangeFlags(command: Command, what: string): Command {
  return command
    .option('--from <time>', `only ${what} then or later: 2h (ago), 10:30, 2026-11-23T10:30`)
    .option('--to <time>', `only ${what} before`);
}

/** @throws UserError for what is no time */
export function rangeOf({ from, to }: RangeFlags, nowMs: number): PartOfTime {
  return {
    ...(from !== undefined && { fromNs: parseMoment(from, nowMs) }),
    ...(to !== undefined && { toNs: parseMoment(to, nowMs) }),
  };
}

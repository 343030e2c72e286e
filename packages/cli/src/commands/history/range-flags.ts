/** `--from` and `--to`: the part of a session's time that a question is about. */
import type { Command } from 'commander';
import type { PartOfTime } from '@bpfleet/protocol';
import { momentText, parseMoment } from '../../output/moment.ts';
import { UserError } from '../../terminal.ts';

export interface RangeFlags {
  readonly from?: string;
  readonly to?: string;
}

export function withRangeFlags(command: Command, what: string): Command {
  return command
    .option('--from <time>', `only ${what} then or later: 2h (ago), 10:30, 2026-11-23T10:30`)
    .option('--to <time>', `only ${what} before`);
}

/** @throws UserError for what is no time, and for a range that ends before it begins */
export function rangeOf({ from, to }: RangeFlags, nowMs: number): PartOfTime {
  const fromNs = from === undefined ? undefined : parseMoment(from, nowMs);
  const toNs = to === undefined ? undefined : parseMoment(to, nowMs);
  if (fromNs !== undefined && toNs !== undefined && toNs <= fromNs) {
    throw new UserError(
      `--to ${to} (${momentText(toNs)}) is not after --from ${from} (${momentText(fromNs)})`,
    );
  }
  return { ...(fromNs !== undefined && { fromNs }), ...(toNs !== undefined && { toNs }) };
}

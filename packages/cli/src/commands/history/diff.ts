/** `bpfleet history diff`: which keys and buckets moved between two runs, or in one before and after a moment. */
import { Command } from 'commander';
import type { DiffQuestion } from '@bpfleet/protocol';
import { diffText } from '../../output/diff-text.ts';
import { parseDuration } from '../../output/duration.ts';
import { jsonLine } from '../../output/json-line.ts';
import { parseMoment } from '../../output/moment.ts';
import { UserError } from '../../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { upTo } from './number-flags.ts';

interface DiffFlags extends CoordinatorFlags {
  readonly at?: string;
  readonly span?: number;
  readonly map?: string;
  readonly limit: number;
  readonly json?: boolean;
}

function questionOf(other: string | undefined, flags: DiffFlags, nowMs: number): DiffQuestion {
  const { at, span, map } = flags;
  if ((other === undefined) === (at === undefined)) {
    throw new UserError('name a second session, or with --at a moment in the first, not both');
  }
  if (span !== undefined && at === undefined) throw new UserError('--span belongs to --at');
  return {
    ...(other !== undefined && { other }),
    ...(at !== undefined && { atNs: parseMoment(at, nowMs) }),
    ...(span !== undefined && { spanNs: BigInt(span) * 1_000_000n }),
    ...(map !== undefined && { map }),
  };
}

export function diffCommand(context: CommandContext): Command {
  const command = new Command('diff')
    .description('compare the maps of two sessions, or of one before and after a moment')
    .argument('<before>', 'session, or the beginning of its id')
    .argument('[after]', 'another one')
    .option('--at <time>', 'instead of another one: what the first counted before and after it')
    .option('--span <duration>', 'with --at: only so long before and after', parseDuration)
    .option('--map <map>', 'only this map')
    .option('-n, --limit <count>', 'of each map the entries that moved most', upTo(100_000), 10)
    .option('--json', 'one JSON object a line, for every entry')
    .action(async (before: string, after: string | undefined, flags: DiffFlags) => {
      const question = questionOf(after, flags, Date.now());
      const client = await connect(flags, context);
      const answer = await client.diff(before, question);
      context.terminal.out(
        flags.json === true
          ? answer.maps
              .flatMap(({ map, measure, moves }) =>
                moves.map((move) => jsonLine({ map, measure, ...move })),
              )
              .join('')
          : diffText(answer, flags.limit),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history diff s4f2c81 s5a0b9c',
    'bpfleet history diff s4f --at 10:32 --span 5m',
    'bpfleet history diff s4f s5a --map @ns -n 3',
  ]);
}

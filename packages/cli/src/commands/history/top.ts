/** `bpfleet history top`: which keys or hosts have the most. */
import { Command, Option } from 'commander';
import { jsonLine } from '../../output/json-line.ts';
import { topText } from '../../output/top-text.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { upTo } from './number-flags.ts';
import { rangeOf, withRangeFlags, type RangeFlags } from './range-flags.ts';

interface TopFlags extends CoordinatorFlags, RangeFlags {
  readonly limit: number;
  readonly by: 'key' | 'host';
  readonly json?: boolean;
}

export function topCommand(context: CommandContext): Command {
  const command = new Command('top')
    .description('rank the keys or the hosts of maps, over a whole session or a part of its time')
    .argument('<id>', 'session, or the beginning of its id')
    .argument('[map]', 'such as @ or @reads; all maps when left out')
    .option('-n, --limit <count>', 'at most so many of each map', upTo(100_000), 10)
    .addOption(new Option('--by <what>', 'what to rank').choices(['key', 'host']).default('key'))
    .option('--json', 'one JSON object a line')
    .action(async (id: string, map: string | undefined, flags: TopFlags) => {
      const { limit, by } = flags;
      const question = {
        limit,
        by,
        ...rangeOf(flags, Date.now()),
        ...(map !== undefined && { map }),
      };
      const client = await connect(flags, context);
      const answer = await client.top(id, question);
      context.terminal.out(
        flags.json === true ? answer.maps.map(jsonLine).join('') : topText(answer),
      );
    });
  withRangeFlags(command, 'what was counted');
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history top s4f2c81',
    'bpfleet history top s4f @reads -n 20 --by host',
    'bpfleet history top s4f @reads --from 10:30 --to 10:35',
  ]);
}

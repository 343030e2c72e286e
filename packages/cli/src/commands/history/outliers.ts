/** `bpfleet history outliers`: which hosts differ from the fleet. */
import { Command } from 'commander';
import { jsonLine } from '../../output/json-line.ts';
import { outliersText } from '../../output/outliers-text.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { positive } from './number-flags.ts';
import { rangeOf, withRangeFlags, type RangeFlags } from './range-flags.ts';

interface OutliersFlags extends CoordinatorFlags, RangeFlags {
  readonly threshold?: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

export function outliersCommand(context: CommandContext): Command {
  const command = new Command('outliers')
    .description(
      'name the hosts that differ from the fleet: by the Jensen–Shannon distance of their histograms from those of all others, or by their values; judged by the median absolute deviation',
    )
    .argument('<id>', 'session, or the beginning of its id')
    .argument('<map>', 'such as @ or @ns')
    .argument('[key]', 'of the map, as it prints; all keys together when left out')
    .option(
      '--threshold <deviations>',
      'robust standard deviations from the median (default 3.5)',
      positive,
    )
    .option('--all', 'the other hosts too')
    .option('--json', 'one JSON object a line, for every host')
    .action(async (id: string, map: string, key: string | undefined, flags: OutliersFlags) => {
      const { threshold, all = false } = flags;
      const client = await connect(flags, context);
      const answer = await client.outliers(id, {
        map,
        ...rangeOf(flags, Date.now()),
        ...(key !== undefined && { key }),
        ...(threshold !== undefined && { threshold }),
      });
      context.terminal.out(
        flags.json === true ? answer.hosts.map(jsonLine).join('') : outliersText(answer, all),
      );
    });
  withRangeFlags(command, 'what was counted');
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history outliers s4f2c81 @ns',
    'bpfleet history outliers s4f @ns read --all --from 1h',
    'bpfleet history outliers s4f @calls --threshold 5',
  ]);
}

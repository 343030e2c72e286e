/** `bpfleet history show`: a result as it was printed, or a part of it. */
import { Command } from 'commander';
import type { ShowOptions } from '@bpfleet/protocol';
import { momentText, parseMoment } from '../../output/moment.ts';
import { SessionPrinter } from '../../output/session-printer.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { upTo } from './number-flags.ts';
import { rangeOf, withRangeFlags, type RangeFlags } from './range-flags.ts';

interface ShowFlags extends CoordinatorFlags, RangeFlags {
  readonly byHost?: boolean;
  readonly lines?: number;
  readonly window?: string;
  readonly json?: boolean;
}

/** A number of nine digits at most is a window's; longer ones and all else are moments. */
function windowOf(text: string, nowMs: number): Pick<ShowOptions, 'window' | 'windowAtNs'> {
  if (text === 'last') return { window: text };
  if (/^\d{1,9}$/.test(text)) return { window: Number(text) };
  return { windowAtNs: parseMoment(text, nowMs) };
}

function optionsOf(flags: ShowFlags, nowMs: number): ShowOptions {
  const { byHost, lines, window } = flags;
  return {
    ...rangeOf(flags, nowMs),
    ...(byHost !== undefined && { byHost }),
    ...(lines !== undefined && { lines }),
    ...(window !== undefined && windowOf(window, nowMs)),
  };
}

export function showCommand(context: CommandContext): Command {
  const command = new Command('show')
    .description('print what a past session printed, and its merged maps')
    .argument('<id>', 'session, as "bpfleet history ls" shows it, or the beginning of its id')
    .option('--by-host', 'one answer for each host')
    .option(
      '--window <window>',
      'only the maps, as they stood before they were cleared: the number of the window from 0, "last", or a time within it',
    )
    .option(
      '--lines <count>',
      'the last lines and printed maps, so many (default 10000)',
      upTo(1_000_000),
    )
    .option('--json', 'one JSON object a line')
    .action(async (id: string, flags: ShowFlags) => {
      const { terminal } = context;
      const options = optionsOf(flags, Date.now());
      const client = await connect(flags, context);
      const { session, output, omitted, maps } = await client.historyOf(id, options);
      const printer = new SessionPrinter(terminal, { json: flags.json === true });
      if (omitted !== undefined) {
        const { lines, maps: printed, beforeNs } = omitted;
        terminal.err(
          `left out: ${lines} lines and ${printed} printed maps before ${momentText(beforeNs)}` +
            ' (--lines and --from say what to show, "bpfleet history export" writes all)\n',
        );
      }
      if (output.length === 0 && (flags.from !== undefined || flags.to !== undefined)) {
        terminal.err('nothing was printed in that range of time\n');
      }
      printer.widen(session.coverage.hosts);
      for (const item of output) printer.output(item);
      printer.result(maps, session);
    });
  withRangeFlags(command, 'what was printed');
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history show s4f2c81',
    'bpfleet history show s4f --by-host --window last',
    'bpfleet history show s4f --window 10:32:05',
    'bpfleet history show s4f --from 10:30 --to 10:35',
  ]);
}

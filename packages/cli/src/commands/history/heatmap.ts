/** `bpfleet history heatmap`: a histogram over time, in the terminal or as a picture. */
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { heatPng } from '../../heatmap/heat-png.ts';
import { heatSvg } from '../../heatmap/heat-svg.ts';
import { heatText, LABEL_WIDTH } from '../../heatmap/heat-text.ts';
import { jsonLine } from '../../output/json-line.ts';
import type { Terminal } from '../../terminal.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';
import { upTo } from './number-flags.ts';
import { rangeOf, withRangeFlags, type RangeFlags } from './range-flags.ts';

interface HeatmapFlags extends CoordinatorFlags, RangeFlags {
  readonly host?: string;
  readonly columns?: number;
  readonly svg?: string;
  readonly png?: string;
  readonly json?: boolean;
}

const COLUMNS_OF_FILE = 80;
const COLUMNS_OF_PICTURE = 160;
const FEWEST_COLUMNS = 10;

function columnsOf({ columns, svg, png }: HeatmapFlags, { size }: Terminal): number {
  if (columns !== undefined) return columns;
  if (svg !== undefined || png !== undefined) return COLUMNS_OF_PICTURE;
  const width = size?.().columns ?? COLUMNS_OF_FILE;
  return Math.max(FEWEST_COLUMNS, width - LABEL_WIDTH);
}

export function heatmapCommand(context: CommandContext): Command {
  const command = new Command('heatmap')
    .description('show a hist() or lhist() over time: what each bucket counted in each interval')
    .argument('<id>', 'session, or the beginning of its id')
    .argument('<map>', 'such as @ or @ns')
    .argument('[key]', 'of the map, as it prints; all keys together when left out')
    .option('--host <name>', 'only this host')
    .option('--columns <count>', 'at most so many intervals', upTo(10_000))
    .option('--svg <file>', 'write a picture as SVG instead')
    .option('--png <file>', 'write a picture as PNG instead')
    .option('--json', 'one JSON object a line, for each interval')
    .action(async (id: string, map: string, key: string | undefined, flags: HeatmapFlags) => {
      const { host, svg, png } = flags;
      const { terminal } = context;
      const client = await connect(flags, context);
      const answer = await client.heatmap(id, {
        map,
        columns: columnsOf(flags, terminal),
        ...rangeOf(flags, Date.now()),
        ...(key !== undefined && { key }),
        ...(host !== undefined && { host }),
      });
      if (svg !== undefined) await writeFile(svg, heatSvg(answer));
      if (png !== undefined) await writeFile(png, heatPng(answer));
      if (flags.json === true) {
        const { range, stepNs, columns } = answer;
        for (const [index, buckets] of columns.entries()) {
          const fromNs = String(range.fromNs + BigInt(index) * stepNs);
          terminal.out(jsonLine({ fromNs, stepNs, buckets }));
        }
      } else if (svg === undefined && png === undefined) {
        terminal.draw(heatText(answer, terminal.size !== undefined && terminal.color));
      }
    });
  withRangeFlags(command, 'what was counted');
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history heatmap s4f2c81 @ns',
    'bpfleet history heatmap s4f @ns read --from 1h --host web-3',
    'bpfleet history heatmap s4f @ns --png ns.png --columns 500',
  ]);
}

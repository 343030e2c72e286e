/** `bpfleet history`: sessions that ran, their results, and questions about them. */
import { Command } from 'commander';
import { aroundCommand } from './around.ts';
import { withExamples, type CommandContext } from '../command-context.ts';
import { diffCommand } from './diff.ts';
import { exportCommand } from './export.ts';
import { heatmapCommand } from './heatmap.ts';
import { listCommand } from './ls.ts';
import { outliersCommand } from './outliers.ts';
import { rerunCommand } from './rerun.ts';
import { retentionCommand } from './retention.ts';
import { removeCommand } from './rm.ts';
import { showCommand } from './show.ts';
import { topCommand } from './top.ts';

export function historyCommand(context: CommandContext): Command {
  const command = new Command('history')
    .description('past sessions and their results')
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(showCommand(context))
    .addCommand(topCommand(context))
    .addCommand(diffCommand(context))
    .addCommand(outliersCommand(context))
    .addCommand(heatmapCommand(context))
    .addCommand(exportCommand(context))
    .addCommand(rerunCommand(context))
    .addCommand(removeCommand(context))
    .addCommand(aroundCommand(context))
    .addCommand(retentionCommand(context));
  return withExamples(command, [
    'bpfleet history',
    'bpfleet history show s4f2c81',
    'bpfleet history heatmap s4f2c81 @ns',
  ]);
}

/** `bpfleet history retention`: what is stored takes, and how long it is kept. */
import { Command } from 'commander';
import { sizeText } from '../../output/amounts.ts';
import { durationText } from '../../output/duration.ts';
import { jsonLine } from '../../output/json-line.ts';
import { table } from '../../output/table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from '../command-context.ts';

export function retentionCommand(context: CommandContext): Command {
  const command = new Command('retention')
    .description(
      'show what each table of the store takes and how long its rows are kept; "bpfleet coordinator --retention" sets it',
    )
    .option('--json', 'one JSON object a line')
    .action(async (flags: CoordinatorFlags & { readonly json?: boolean }) => {
      const client = await connect(flags, context);
      const tables = await client.retention();
      const rows = tables.map(({ table: name, rows, bytes, keptSeconds }) => [
        name,
        String(rows),
        sizeText(bytes),
        rows === 0 ? '' : (bytes / rows).toFixed(1),
        keptSeconds === undefined ? 'for ever' : durationText(keptSeconds),
      ]);
      context.terminal.out(
        flags.json === true
          ? tables.map(jsonLine).join('')
          : table(['TABLE', 'ROWS', 'ON DISK', 'BYTES A ROW', 'KEPT'], rows),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    'bpfleet history retention',
    'bpfleet history retention --json',
  ]);
}

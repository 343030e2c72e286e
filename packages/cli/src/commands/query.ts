/** `bpfleet query`: SQL over the history, read only. */
import { Command } from 'commander';
import type { QueryResult } from '@bpfleet/protocol';
import { jsonLine } from '../output/json-line.ts';
import { table } from '../output/table.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';

function cell(value: unknown): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asObjects({ columns, rows }: QueryResult): readonly object[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])),
  );
}

export function queryCommand(context: CommandContext): Command {
  const command = new Command('query')
    .description('run SQL over the history (ClickHouse, read only)')
    .argument('<sql>', 'a SELECT')
    .option('--json', 'one JSON object a line')
    .action(async (sql: string, flags: CoordinatorFlags & { readonly json?: boolean }) => {
      const client = await connect(flags, context);
      const result = await client.query(sql);
      context.terminal.out(
        flags.json === true
          ? asObjects(result).map(jsonLine).join('')
          : table(
              result.columns.map(({ name }) => name),
              result.rows.map((row) => row.map(cell)),
            ),
      );
    });
  return withExamples(withCoordinatorFlags(command), [
    "bpfleet query 'SELECT id, program FROM sessions ORDER BY created_at DESC LIMIT 5'",
    "bpfleet query --json 'SELECT host, count() AS events FROM events GROUP BY host'",
  ]);
}

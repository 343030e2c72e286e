/** `bpfleet query`: SQL over the history, read only. */
import { Command, Option } from 'commander';
import { QUERY_FORMATS, renderQuery, type QueryFormat } from '../export/query-formats.ts';
import {
  connect,
  withCoordinatorFlags,
  withExamples,
  type CommandContext,
  type CoordinatorFlags,
} from './command-context.ts';

interface QueryFlags extends CoordinatorFlags {
  readonly format?: QueryFormat;
  readonly json?: boolean;
}

export function queryCommand(context: CommandContext): Command {
  const command = new Command('query')
    .description(
      'run SQL over the history (ClickHouse, read only; at most 30 s, 2,000,000,000 rows read, 100,000 rows of result)',
    )
    .argument('<sql>', 'a SELECT, or - for standard input')
    .addOption(
      new Option('-f, --format <format>', 'how to print the result (default table)').choices(
        QUERY_FORMATS,
      ),
    )
    .addOption(
      new Option('--json', 'one JSON object a line; the same as --format json').conflicts('format'),
    )
    .action(async (given: string, flags: QueryFlags) => {
      const sql = given === '-' ? await context.terminal.readInput() : given;
      const client = await connect(flags, context);
      const format = flags.json === true ? 'json' : (flags.format ?? 'table');
      context.terminal.out(renderQuery(await client.query(sql, context.terminal.userName), format));
    });
  return withExamples(withCoordinatorFlags(command), [
    "bpfleet query 'SELECT id, program FROM sessions ORDER BY created_at DESC LIMIT 5'",
    "bpfleet query --json 'SELECT host, count() AS events FROM events GROUP BY host'",
    "bpfleet query --format csv 'SELECT * FROM maps_merged' >maps.csv",
  ]);
}

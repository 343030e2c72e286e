/** The result of a query in the forms that people and programs read. */
import { escapeControls, escapeJson, type QueryResult } from '@bpfleet/protocol';
import { jsonLine } from '../output/json-line.ts';
import { table } from '../output/table.ts';
import { csvLine, tsvLine } from './csv.ts';

type Render = (result: QueryResult) => string;

export type QueryFormat =
  | 'table'
  /** One object a line. */
  | 'json'
  /** One array of objects. */
  | 'json-array'
  | 'csv'
  | 'tsv'
  | 'markdown'
  /** A block for each row, a line for each column: for rows that are wider than a terminal. */
  | 'vertical';

/** By name, as `--format` takes them. */
const RENDERERS: Readonly<Record<QueryFormat, Render>> = {
  table: (result) => table(namesOf(result), cellsOf(result, 'NULL')),
  json: (result) => objectsOf(result).map(jsonLine).join(''),
  'json-array': (result) => `${escapeJson(JSON.stringify(objectsOf(result), undefined, 2))}\n`,
  csv: (result) => [namesOf(result), ...cellsOf(result, '')].map(csvLine).join(''),
  tsv: (result) => tsvLine(namesOf(result)) + result.rows.map(tsvRow).join(''),
  markdown: (result) => markdown(namesOf(result), cellsOf(result, 'NULL')),
  vertical: (result) => vertical(namesOf(result), cellsOf(result, 'NULL')),
};

export const QUERY_FORMATS: readonly QueryFormat[] = Object.keys(RENDERERS) as QueryFormat[];

export function renderQuery(result: QueryResult, format: QueryFormat): string {
  return RENDERERS[format](result);
}

function namesOf({ columns }: QueryResult): readonly string[] {
  return columns.map(({ name }) => name);
}

function cellsOf({ rows }: QueryResult, nothing: string): readonly (readonly string[])[] {
  return rows.map((row) => row.map((value) => cell(value, nothing)));
}

function cell(value: unknown, nothing: string): string {
  if (value === null) return nothing;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function objectsOf({ columns, rows }: QueryResult): readonly object[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])),
  );
}

/** The mark of what is not there is no text, and is not escaped. */
function tsvRow(row: readonly unknown[]): string {
  const cells = row.map((value) =>
    value === null ? String.raw`\N` : tsvLine([cell(value, '')]).slice(0, -1),
  );
  return `${cells.join('\t')}\n`;
}

function markdown(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(' | ')} |\n`;
  return line(names) + line(names.map(() => '---')) + rows.map(line).join('');
}

/** Markup of Markdown and of HTML stays text. */
function markdownCell(text: string): string {
  return escapeControls(text)
    .replace(/[\\|`]|(?<=\])\(/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

function vertical(given: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = given.map(escapeControls);
  const width = Math.max(0, ...names.map(({ length }) => length));
  return rows
    .map((row, index) => {
      const lines = row.map(
        (text, at) => `${(names[at] ?? '').padEnd(width)}  ${escapeControls(text)}\n`,
      );
      return `row ${index + 1}\n${lines.join('')}`;
    })
    .join('\n');
}

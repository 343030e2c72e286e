/** Where a page of rows ends: the values of its last row that rows are in order by, as text that clients hand back. */
import { HistoryFault } from './find-session.ts';

export function cursorOf(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** @throws {HistoryFault} for what no page ended with */
export function readCursor(text: string, length: number): readonly string[] {
  const values = parsed(text);
  if (!Array.isArray(values) || values.length !== length || !values.every(isText)) {
    throw new HistoryFault('invalid', 'after: not the end of a page');
  }
  return values;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Messages of a running program about a place in its source, in the form of compiler diagnostics. */
import type { SourcePosition } from '../schema/event-schema.ts';
import { errnoText } from './errno-text.ts';

export type Severity = 'ERROR' | 'WARNING';

/** `stdin:1:9-62: WARNING: message`, without the source line. */
export function locatedLine(at: SourcePosition, severity: Severity, message: string): string {
  return headline(at, severity, message) + originLines(at, severity);
}

/** Where a macro was called that the place is in, with the source lines. */
function originLines({ expandedFrom = [] }: SourcePosition, severity: Severity): string {
  return expandedFrom.map((origin) => excerpt(origin, severity, 'expanded from')).join('');
}

/** The same with the source line and `~~~` under the place; a place of several lines shows them without marks. */
export function locatedExcerpt(at: SourcePosition, severity: Severity, message: string): string {
  return excerpt(at, severity, message) + originLines(at, severity);
}

function excerpt(at: SourcePosition, severity: Severity, message: string): string {
  const head = headline(at, severity, message);
  if (at.line !== at.endLine) return `${head}${at.text}\n`;
  const shown = at.text.replaceAll('\t', '    ');
  let marks = '';
  for (let column = 1; column <= at.text.length && column < at.endColumn; column++) {
    const mark = column < at.column ? ' ' : '~';
    marks += at.text[column - 1] === '\t' ? mark.repeat(4) : mark;
  }
  return `${head}${shown}\n${marks}\n`;
}

function headline(at: SourcePosition, severity: Severity, message: string): string {
  const text = message.endsWith('\n') ? message.slice(0, -1) : message;
  return `${location(at)}: ${severity}: ${text}\n`;
}

const E2BIG = 7;
const ENOENT = 2;

/** What a failed helper means to the user. `code` is negative, as helpers return it. */
export function helperMessage(helper: string, code: number): string {
  if (helper === 'map_update_elem' && code === -E2BIG) {
    return (
      "Map full; can't update element. Try increasing max_map_keys config or manually setting the max " +
      'entries in a map declaration e.g. `let @a = hash(5000)`'
    );
  }
  if (helper === 'map_delete_elem' && code === -ENOENT) {
    return "Can't delete map element because it does not exist.";
  }
  if (helper === 'map_lookup_elem') return "Can't lookup map element because it does not exist.";
  return errnoText(-code);
}

function location(at: SourcePosition): string {
  if (at.line !== at.endLine) return `${at.file}:${at.line}-${at.endLine}`;
  return `${at.file}:${at.line}:${at.column}-${at.endColumn}`;
}

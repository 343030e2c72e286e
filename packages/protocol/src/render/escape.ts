/**
 * Traced strings are hostile: a file name may hold the terminal's own commands. On the terminal of a fleet run every
 * control character of theirs is made visible.
 */
import { showBytes } from '../value/text-bytes.ts';

/** C0, DEL, C1, the characters that turn the direction of text around, and bytes that are no UTF-8. */
const CONTROLS =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]/gu;

/** Of a value: a line break in it is escaped as well, so that it cannot pass for a line of the output. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, visible);
}

/** Of a printed line: tabs and line breaks are the program's own layout. */
export function escapeLine(text: string): string {
  return text.replace(CONTROLS, (c) => (c === '\n' || c === '\t' ? c : visible(c)));
}

function visible(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  const shown = showBytes(character);
  if (shown !== character) return shown;
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

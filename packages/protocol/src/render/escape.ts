/**
 * Traced strings are hostile: a file name may hold the terminal's own commands. On the terminal of a fleet run every
 * control character of theirs is made visible.
 */
import { showBytes } from '../value/text-bytes.ts';

/**
 * C0, DEL and C1, the characters that turn the direction of text around, those that break lines or show nothing, and what
 * is no character: bytes that are no UTF-8, and halves of surrogate pairs.
 */
const CONTROLS =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

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
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code > 0xffff) return `\\u{${hex}}`;
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** JSON that shows on a terminal as what it is: the same JSON, with more of its characters written as `\uXXXX`. */
export function escapeJson(json: string): string {
  return json.replace(CONTROLS, (character) =>
    // What is outside of strings is the layout.
    character < ' '
      ? character
      : Array.from({ length: character.length }, unitEscape(character)).join(''),
  );
}

function unitEscape(character: string): (_: unknown, at: number) => string {
  return (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
}

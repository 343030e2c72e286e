/** String literals as source text. */

/** A quoted literal that decodes into `value`; bytes that are no text become `\xHH`. */
export function printString(value: string): string {
  let text = '';
  for (const character of value) {
    const unit = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') text += `\\${character}`;
    else if (character === '\n') text += '\\n';
    else if (character === '\t') text += '\\t';
    else if (character === '\r') text += '\\r';
    else if (unit < 0x20 || unit === 0x7f) text += hex(unit);
    else if (unit >= 0xdc80 && unit <= 0xdcff) text += hex(unit - 0xdc00);
    else text += character;
  }
  return `"${text}"`;
}

/** Two digits always: a hex digit that follows must not be taken for one of them. */
function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

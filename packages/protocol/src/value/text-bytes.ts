/**
 * Text that came from a kernel: bytes, which are UTF-8 most of the time and hostile some of the time. A byte that is not
 * part of valid UTF-8 is kept as the lone surrogate U+DC00 + byte, as Python's `surrogateescape` does, so that `encodeText`
 * gives back exactly the bytes that `decodeText` was given.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Up to this length a loop over ASCII beats the call into the decoder. */
const SHORT = 64;

const ESCAPE_BASE = 0xdc00;
const REPLACEMENT = 0xfffd;
/** A call takes only so many arguments. */
const UNITS_AT_ONCE = 8192;
/** Of sequences of so many bytes, the least character. */
const LEAST_CODES: readonly number[] = [0, 0, 0x80, 0x800, 0x1_0000];
/** Also finds the second half of characters beyond U+FFFF, which are whole. */
const MAYBE_ESCAPED = /[\udc80-\udcff]/;
const ESCAPED = /[\udc80-\udcff]/gu;

export function decodeText(bytes: Uint8Array): string {
  if (bytes.length <= SHORT) {
    const text = asciiText(bytes);
    if (text !== undefined) return text;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return decodeBroken(bytes);
  }
}

/** The bytes of a text; other lone surrogates than those of `decodeText` become U+FFFD. */
export function encodeText(text: string): Uint8Array {
  if (!MAYBE_ESCAPED.test(text)) return encoder.encode(text);
  const bytes = new Uint8Array(textBytes(text));
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isEscape = unit >= ESCAPE_BASE + 0x80 && unit <= ESCAPE_BASE + 0xff;
    if (isEscape) bytes[end++] = unit - ESCAPE_BASE;
    else if (unit < 0x80) bytes[end++] = unit;
    else {
      const code = text.codePointAt(at) ?? unit;
      if (code > 0xffff) at += 1;
      end = writeCharacter(bytes, end, isSurrogate(code) ? REPLACEMENT : code);
    }
  }
  return bytes;
}

/** Of one that takes more than a byte; gives where the next one goes. */
function writeCharacter(bytes: Uint8Array, start: number, code: number): number {
  let at = start;
  if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
  else {
    if (code < 0x1_0000) bytes[at++] = 0xe0 | (code >> 12);
    else {
      bytes[at++] = 0xf0 | (code >> 18);
      bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
    }
    bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (code & 0x3f);
  return at;
}

/** How many bytes `encodeText` gives. */
export function textBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += unit >= 0xdc80 && unit <= 0xdcff ? 1 : 3;
  }
  return bytes;
}

/** Well-formed text, for whoever takes nothing else: a byte that is not part of valid UTF-8 is shown as `\xNN`. */
export function showBytes(text: string): string {
  if (!MAYBE_ESCAPED.test(text)) return text;
  // Bytes of a character may have been put together from several texts.
  const whole = decodeText(encodeText(text));
  return whole.replace(ESCAPED, (unit) => `\\x${(unit.charCodeAt(0) - ESCAPE_BASE).toString(16)}`);
}

/** Below 0, 0 or above it, byte by byte. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  if (!SURROGATES.test(a) && !SURROGATES.test(b)) return a < b ? -1 : 1;
  const [left, right] = [encodeText(a), encodeText(b)];
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

/** Without them the order of UTF-16 units is the order of UTF-8 bytes. */
const SURROGATES = /[\ud800-\udfff]/;

/** The bytes before the first NUL, or all of them. */
export function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

/** `decodeText` of the bytes from `start` to the first NUL, or to `end`. */
export function textUntilNul(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return text;
    if (byte >= 0x80 || at - start >= SHORT)
      return decodeText(untilNul(bytes.subarray(start, end)));
    text += String.fromCharCode(byte);
  }
  return text;
}

function asciiText(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** By itself, for a file may be broken at every other byte. */
function decodeBroken(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const code = length === 0 ? undefined : characterAt(bytes, at, length);
    if (code === undefined) {
      units[end++] = ESCAPE_BASE + (bytes[at] ?? 0);
      at += 1;
      continue;
    }
    if (code > 0xffff) {
      units[end++] = 0xd800 + ((code - 0x1_0000) >> 10);
      units[end++] = 0xdc00 + ((code - 0x1_0000) & 0x3ff);
    } else units[end++] = code;
    at += length;
  }
  let text = '';
  for (let at = 0; at < end; at += UNITS_AT_ONCE) {
    text += String.fromCharCode(...units.subarray(at, Math.min(end, at + UNITS_AT_ONCE)));
  }
  return text;
}

/** Undefined if it is cut, longer than need be, a surrogate, or none. */
function characterAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  let code = (bytes[at] ?? 0) & (length === 1 ? 0x7f : 0xff >> (length + 1));
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  const least = LEAST_CODES[length] ?? 0;
  return code < least || code > 0x10_ffff || isSurrogate(code) ? undefined : code;
}

/** Length of the UTF-8 sequence that this byte begins, 0 when none can begin so. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  if (byte >= 0xf0 && byte < 0xf5) return 4;
  return 0;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}

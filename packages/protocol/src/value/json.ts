/**
 * JSON that keeps what plain JSON loses. A bigint becomes `{"$bigint":"…"}`, bytes `{"$bytes":"hex"}`, undefined
 * `{"$undefined":true}`; a key of its own that starts with `$` gets one more. A bigint has 39 digits at most.
 */

export function encodeJson(value: unknown): string {
  return JSON.stringify(toPlain(value));
}

/** Throws SyntaxError when the text is not what `encodeJson` writes. */
export function decodeJson(text: string): unknown {
  return unmark(JSON.parse(text, (_, value: unknown) => fromPlain(value)));
}

function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (value === undefined) return { $undefined: true };
  if (value instanceof Uint8Array) return { $bytes: hexOf(value) };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.startsWith('$') ? `$${key}` : key,
      toPlain(member),
    ]),
  );
}

/** JSON.parse drops what its reviver answers undefined for, so undefined waits as this mark until its parent is made. */
const ABSENT = Symbol('undefined');

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((member: unknown) => unmark(member));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && /^\$(?!\$)/.test(first[0])) return untag(first[0], first[1]);
  if (entries.every(([key, member]) => !key.startsWith('$') && member !== ABSENT)) return value;
  return Object.fromEntries(
    entries.map(([key, member]) => [key.startsWith('$') ? key.slice(1) : key, unmark(member)]),
  );
}

function untag(tag: string, value: unknown): unknown {
  if (tag === '$bigint' && typeof value === 'string' && /^-?\d{1,39}$/.test(value)) {
    return BigInt(value);
  }
  if (tag === '$bytes' && typeof value === 'string' && /^(?:[0-9a-f]{2})*$/.test(value)) {
    return bytesOf(value);
  }
  if (tag === '$undefined') return ABSENT;
  throw new SyntaxError(`decode json: bad ${tag}`);
}

function unmark(value: unknown): unknown {
  return value === ABSENT ? undefined : value;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

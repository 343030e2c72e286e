/** Integer and character constants of C. */

export interface CNumber {
  readonly value: bigint;
  readonly bits: number;
  readonly signed: boolean;
}

/** Undefined for what is no integer: a fraction for instance. */
export function decodeNumber(text: string): CNumber | undefined {
  const match = /^(0[xX][\da-fA-F']+|0[bB][01']+|[\d']+)([uUlL]*)$/.exec(text);
  const [, digits, suffix] = match ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  if (!/^(?:u?l{0,2}|l{1,2}u)$/i.test(suffix)) return undefined;
  const plain = digits.replaceAll("'", '');
  const octal = /^0\d/.test(plain);
  if (octal && /[89]/.test(plain)) return undefined;
  const value = BigInt(octal ? `0o${plain}` : plain);
  if (value >= 2n ** 64n) return undefined;
  const decimal = /^[1-9]/.test(plain);
  const unsigned = /u/i.test(suffix);
  const long = /l/i.test(suffix);
  // The first of int, unsigned, long and unsigned long that holds it; decimal constants are signed if they can be.
  if (!long && !unsigned && value < 2n ** 31n) return { value, bits: 32, signed: true };
  if (!long && (unsigned || !decimal) && value < 2n ** 32n)
    return { value, bits: 32, signed: false };
  return { value, bits: 64, signed: !unsigned && value < 2n ** 63n };
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
};

/** `'a'`; of several characters the last is the lowest byte, as in gcc and clang. */
export function decodeCharacter(text: string): bigint {
  const inner = text.slice(text.indexOf("'") + 1, -1);
  const bytes = [...inner.matchAll(/\\x([\da-fA-F]+)|\\([0-7]{1,3})|\\([^])|([^])/gu)].map(
    ([, hex, octal, escape, plain]) => {
      if (hex !== undefined) return Number.parseInt(hex, 16);
      if (octal !== undefined) return Number.parseInt(octal, 8);
      if (escape !== undefined) return ESCAPES[escape] ?? escape.charCodeAt(0);
      return plain?.codePointAt(0) ?? 0;
    },
  );
  if (bytes.length === 1) return BigInt.asIntN(8, BigInt(bytes[0] ?? 0));
  return BigInt.asIntN(
    32,
    bytes.reduce((value, byte) => (value << 8n) | BigInt(byte & 0xff), 0n),
  );
}

/** Integer literals: decimal, octal, hexadecimal, `1e6`, `_` between digits, type suffixes and durations. */
import { isDigit, isHexDigit } from './characters.ts';

export type DecodedInteger =
  | { readonly value: bigint; readonly suffix: string | undefined }
  /** `start` and `end` count from the start of the literal. */
  | { readonly fault: string; readonly start: number; readonly end: number };

const maxUnsigned64 = 2n ** 64n - 1n;
const maxSigned64 = 2n ** 63n - 1n;

/** The largest value each type suffix admits. */
const typeSuffixes: ReadonlyMap<string, bigint> = new Map([
  ['u', 2n ** 32n - 1n],
  ['ul', maxUnsigned64],
  ['ull', maxUnsigned64],
  ['l', maxSigned64],
  ['ll', maxSigned64],
]);

/** What each duration suffix is in nanoseconds. */
const durations: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['d', 86_400_000_000_000n],
]);

/** integer := digits ['e' digits] [suffix]; `text` is the whole word that begins with a digit. */
export function decodeInteger(text: string): DecodedInteger {
  const hex = /^0[xX]/.test(text);
  const digits = hex ? digitsFrom(text, 2, isHexDigit) : digitsFrom(text, 0, isDigit);
  if (text.charAt(digits - 1) === '_') return trailingUnderscore(digits);
  let end = digits;
  if (!hex && /[eE]/.test(text.charAt(end))) {
    end = digitsFrom(text, end + 1, isDigit);
    if (text.charAt(end - 1) === '_') return trailingUnderscore(end);
  }
  const suffix = /^(?:[num]s|[smhd]|[uU](?:[lL]{0,2})|[lL]{1,2})?/.exec(text.slice(end))?.[0] ?? '';
  const rest = text.slice(end + suffix.length);
  if (rest !== '') {
    const start = end + suffix.length;
    return { fault: `invalid integer suffix '${rest}'`, start, end: text.length };
  }
  return evaluate(text, hex, text.slice(0, digits), text.slice(digits, end), suffix);
}

function evaluate(
  text: string,
  hex: boolean,
  digits: string,
  exponent: string,
  suffix: string,
): DecodedInteger {
  const fault = (why: string): DecodedInteger => ({
    fault: `${why}: ${text}`,
    start: 0,
    end: text.length,
  });
  const overflow = (maximum: bigint): DecodedInteger =>
    fault(`overflow error, maximum value is ${maximum}`);

  const plain = digits.replaceAll('_', '');
  if (hex && plain.length === 2) return fault('invalid integer');
  const octal = !hex && plain.length > 1 && plain.startsWith('0');
  if (octal && /[89]/.test(plain)) return fault('invalid trailing bytes');
  let value = BigInt(octal ? `0o${plain.slice(1)}` : plain);
  if (value > maxUnsigned64) return overflow(maxUnsigned64);

  if (exponent !== '') {
    const power = exponent.slice(1).replaceAll('_', '');
    if (!/^[1-9]/.test(power)) return fault('invalid trailing bytes');
    if (value < 1n || value > 9n) {
      return fault('coefficient part of scientific literal must be 1-9');
    }
    if (power.length > 2) return overflow(maxUnsigned64);
    value *= 10n ** BigInt(power);
    if (value > maxUnsigned64) return overflow(maxUnsigned64);
  }

  const unit = durations.get(suffix);
  if (unit !== undefined) {
    value *= unit;
    return value > maxUnsigned64 ? overflow(maxUnsigned64) : { value, suffix: undefined };
  }
  if (suffix === '') return { value, suffix: undefined };
  const maximum = typeSuffixes.get(suffix);
  if (maximum === undefined) return fault('invalid trailing bytes');
  return value > maximum ? overflow(maximum) : { value, suffix };
}

function digitsFrom(text: string, start: number, isOfBase: (character: string) => boolean): number {
  let at = start;
  while (isOfBase(text.charAt(at)) || text.charAt(at) === '_') at++;
  return at;
}

function trailingUnderscore(end: number): DecodedInteger {
  return { fault: 'trailing underscore in integer literal', start: end - 1, end };
}

/** Format strings of printf and its like: their conversions, and which types each takes. */
import { printType } from '../types/print-type.ts';
import type { Type } from '../types/type.ts';
import { aggregationValue, isAggregation } from './aggregations.ts';

/** Flags, width, precision, length and letter; `gr`, `rx` and `rh` are longer letters. `%%` is text. */
const CONVERSION =
  /%(-?)(\+?)( ?)(#?)(0?)(\*|\d+)?(?:\.(\*|\d+))?([hlLjzt]*)([diouxXeEfFGaAcspn%]|gr|g|rh|rx|r)/g;

const INTEGERS: readonly string[] = ['d', 'i', 'u', 'o', 'x', 'X', 'c', 'p', 'gr'];
const BUFFERS: readonly string[] = ['r', 'rx', 'rh'];

/** More than any call takes. */
const MOST_LETTERS = 1000;

/** The letters of a format's conversions, in order, without `%%`. */
export function conversions(format: string): readonly string[] {
  return scan(format).letters;
}

/** Formats of megabytes are only counted, beyond the first letters. */
function scan(format: string): { readonly letters: readonly string[]; readonly count: number } {
  const letters: string[] = [];
  let count = 0;
  CONVERSION.lastIndex = 0;
  while (CONVERSION.test(format)) {
    const end = CONVERSION.lastIndex;
    if (format.charAt(end - 1) === '%') continue;
    if (++count <= MOST_LETTERS) letters.push(letterBefore(format, end));
  }
  return { letters, count };
}

/** The longest that ends there. */
function letterBefore(format: string, end: number): string {
  const two = format.slice(end - 2, end);
  return ['gr', 'rh', 'rx'].includes(two) ? two : two.slice(1);
}

/** What is wrong with a format for arguments of these types; undefined types are not known yet. */
export function checkFormat(
  format: string,
  types: readonly (Type | undefined)[],
): string | undefined {
  const { letters, count } = scan(format);
  if (types.length !== count) {
    const much = types.length < count ? 'not enough' : 'too many';
    return `${much} arguments for format string (${types.length} supplied, ${count} expected)`;
  }
  for (const [index, letter] of letters.entries()) {
    const type = types[index];
    if (type === undefined) continue;
    if (type.kind === 'void') return `unable to print none type for specifier: ${letter}`;
    if (letter === 's') continue;
    const integers = INTEGERS.includes(letter);
    if (!integers && !BUFFERS.includes(letter)) return `unsupported format specifier: ${letter}`;
    if (!(integers ? isNumber(type) : type.kind === 'buffer')) {
      return `unsupported format specifier for type '${printType(type)}': ${letter}`;
    }
  }
  return undefined;
}

function isNumber(type: Type): boolean {
  return (
    type.kind === 'integer' ||
    type.kind === 'enum' ||
    type.kind === 'boolean' ||
    type.kind === 'pointer' ||
    (isAggregation(type) && aggregationValue(type) !== undefined)
  );
}

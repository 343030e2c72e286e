/**
 * printf formats. Since 0.24 bpftrace prints through C++ streams, not through printf(3), and it shows: a precision
 * is ignored, zeros are filled in before a sign and after a left-aligned number, `%+u` has no sign.
 */
import type { ValueType } from '../schema/value-type.ts';
import { decodeText, textBytes } from '../value/text-bytes.ts';
import type { Value } from '../value/value.ts';
import { addressText } from './address-text.ts';
import { bufferText } from './buffer-text.ts';
import { gfpFlagsText } from './gfp-flags.ts';
import { valueText } from './value-text.ts';

export type Conversion =
  'd' | 'i' | 'u' | 'o' | 'x' | 'X' | 'c' | 'p' | 's' | 'r' | 'rx' | 'rh' | 'gr';

export interface FormatSpec {
  readonly left: boolean;
  readonly plus: boolean;
  readonly alternate: boolean;
  readonly zeros: boolean;
  readonly width: number;
  /** `hh`, `h`, `l`, `ll`, `j`, `z`, `t` or empty. */
  readonly length: string;
  /** One of `Conversion`, or a letter that bpftrace does not support, such as `f`. */
  readonly conversion: string;
}

/** `fragments` surround `specs`: there is one more of them. */
export interface ParsedFormat {
  readonly fragments: readonly string[];
  readonly specs: readonly FormatSpec[];
}

const SPEC =
  /%(?<left>-?)(?<plus>\+?) ?(?<alternate>#?)(?<zeros>0?)(?<width>\*|\d+)?(?:\.(?:\*|\d+))?(?<length>[hlLjzt]*)(?<conversion>[diouxXeEfFGaAcspn%]|gr|g|rh|rx|r)/g;

/** A width is bounded: a format is data that came over the network. */
const MAX_WIDTH = 4096;

export function parseFormat(format: string): ParsedFormat {
  const fragments: string[] = [];
  const specs: FormatSpec[] = [];
  let fragment = '';
  let end = 0;
  for (const match of format.matchAll(SPEC)) {
    fragment += format.slice(end, match.index);
    end = match.index + match[0].length;
    const group = match.groups ?? {};
    const conversion = group['conversion'] ?? '%';
    if (conversion === '%') {
      fragment += '%';
      continue;
    }
    fragments.push(fragment);
    fragment = '';
    specs.push({
      left: group['left'] !== '',
      plus: group['plus'] !== '',
      alternate: group['alternate'] !== '',
      zeros: group['zeros'] !== '',
      width: widthOf(group['width']),
      length: group['length'] ?? '',
      conversion,
    });
  }
  fragments.push(fragment + format.slice(end));
  return { fragments, specs };
}

/** Values without a spec are ignored, specs without a value print nothing: the compiler has refused both. */
export function formatPrintf(
  format: string | ParsedFormat,
  values: readonly Value[],
  types: readonly ValueType[],
): string {
  const { fragments, specs } = typeof format === 'string' ? parseFormat(format) : format;
  let text = fragments[0] ?? '';
  specs.forEach((spec, i) => {
    const value = values[i];
    const type = types[i];
    if (value !== undefined && type !== undefined) text += convert(spec, value, type);
    text += fragments[i + 1] ?? '';
  });
  return text;
}

function widthOf(text: string | undefined): number {
  return text === undefined || text === '*' ? 0 : Math.min(Number(text), MAX_WIDTH);
}

function convert(spec: FormatSpec, value: Value, type: ValueType): string {
  switch (spec.conversion) {
    case 's':
      return padFirstToken(spec, valueText(type, value), value);
    case 'r':
      return bufferOr(spec, value, type, 'ascii');
    case 'rx':
      return bufferOr(spec, value, type, 'escaped');
    case 'rh':
      return bufferOr(spec, value, type, 'spaced');
    default:
      return numberOr(spec, value, type);
  }
}

function bufferOr(
  spec: FormatSpec,
  value: Value,
  type: ValueType,
  style: 'ascii' | 'escaped' | 'spaced',
): string {
  if (value instanceof Uint8Array) return pad(spec, bufferText(value, style));
  return padFirstToken(spec, valueText(type, value), value);
}

function numberOr(spec: FormatSpec, value: Value, type: ValueType): string {
  const number = typeof value === 'boolean' ? BigInt(value) : value;
  if (typeof number !== 'bigint') return `!{invalid integer conversion: ${valueText(type, value)}}`;
  return pad(spec, numberText(spec, number));
}

function numberText(spec: FormatSpec, value: bigint): string {
  switch (spec.conversion) {
    case 'd':
    case 'i': {
      const number = BigInt.asIntN(bitsOf(spec.length), value);
      return spec.plus && number >= 0n ? `+${number}` : number.toString();
    }
    case 'u':
      return BigInt.asUintN(bitsOf(spec.length), value).toString();
    case 'o':
      return withBase(spec, BigInt.asUintN(bitsOf(spec.length), value), 8, '0');
    case 'x':
      return withBase(spec, BigInt.asUintN(bitsOf(spec.length), value), 16, '0x');
    case 'X':
      return withBase(spec, BigInt.asUintN(bitsOf(spec.length), value), 16, '0x').toUpperCase();
    case 'c':
      return decodeText(Uint8Array.of(Number(BigInt.asUintN(8, value))));
    case 'p':
      return addressText(BigInt.asUintN(64, value));
    case 'gr':
      return gfpFlagsText(BigInt.asUintN(64, value));
    default:
      return value.toString();
  }
}

function withBase(spec: FormatSpec, value: bigint, base: number, prefix: string): string {
  return (spec.alternate && value !== 0n ? prefix : '') + value.toString(base);
}

/** Without a length modifier an integer is cut to 32 bits, as C's `int`. */
function bitsOf(length: string): number {
  switch (length) {
    case 'hh':
      return 8;
    case 'h':
      return 16;
    case 'l':
    case 'll':
    case 'j':
    case 'z':
    case 't':
      return 64;
    default:
      return 32;
  }
}

/** A width counts bytes. */
function pad(spec: FormatSpec, text: string): string {
  if (spec.width === 0) return text;
  const filling = (spec.zeros ? '0' : ' ').repeat(Math.max(0, spec.width - textBytes(text)));
  return spec.left ? text + filling : filling + text;
}

/** A stream's width applies to what is written first: of a list, its opening bracket. */
function padFirstToken(spec: FormatSpec, text: string, value: Value): string {
  if (!Array.isArray(value) || !/^[([{]/.test(text)) return pad(spec, text);
  const token = text.startsWith('{ ') || text === '{}' ? 2 : 1;
  return pad(spec, text.slice(0, token)) + text.slice(token);
}

/** A value as JSON. */
import type { ValueType } from '../schema/value-type.ts';
import { showBytes } from '../value/text-bytes.ts';
import { escapeJson } from './escape.ts';
import type { Value } from '../value/value.ts';
import { valueText } from './value-text.ts';

export function jsonValue(type: ValueType, value: Value): string {
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return jsonInteger(enumBits(type, value));
  // Bytes are signed in bpftrace's arrays, and scripts that read them know that.
  if (value instanceof Uint8Array) return `[${[...new Int8Array(value)].join(',')}]`;
  switch (type.kind) {
    case 'none':
      return 'null';
    case 'kstack':
    case 'ustack':
      return jsonString(valueText(type, value));
    case 'record':
      return `{${type.fields
        .map((field, i) => `${jsonString(field.name)}: ${jsonValue(field.type, value[i] ?? false)}`)
        .join(', ')}}`;
    case 'tuple':
      return `[${value.map((element, i) => jsonValue(type.fields[i]?.type ?? type, element)).join(',')}]`;
    case 'array':
      return `[${value.map((element) => jsonValue(type.element, element)).join(',')}]`;
    default:
      return `[${value.map((element) => jsonValue(type, element)).join(',')}]`;
  }
}

/** An integer that a double cannot hold exactly is a string. */
export function jsonInteger(value: bigint): string {
  return BigInt(Number(value)) === value ? value.toString() : `"${value}"`;
}

/**
 * Escapes what JSON demands and what would act on a terminal; all else, non-ASCII included, stands as it is. JSON has no
 * bytes: they are shown.
 */
export function jsonString(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return escapeJson(`"${showBytes(text).replace(/["\\\u0000-\u001f]/g, escaped)}"`);
}

function escaped(character: string): string {
  switch (character) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
}

/** Enumerations are unsigned numbers in JSON. */
function enumBits(type: ValueType, value: bigint): bigint {
  return type.kind === 'enum' ? BigInt.asUintN(8 * type.size, value) : value;
}

/** A value as `print()` and `%s` write it. */
import type { FieldType, ValueType } from '../schema/value-type.ts';
import type { Value } from '../value/value.ts';
import { bufferText } from './buffer-text.ts';

/** What becomes of traced text; the identity, or `escapeControls` for a terminal. */
export type TextFilter = (text: string) => string;

export const unfiltered: TextFilter = (text) => text;

/** A value that does not fit its type is printed by what it is. */
export function valueText(type: ValueType, value: Value, filter: TextFilter = unfiltered): string {
  if (typeof value === 'string') return filter(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return integerText(type, value);
  if (value instanceof Uint8Array) return bufferText(value, 'ascii');
  return listText(type, value, filter);
}

function integerText(type: ValueType, value: bigint): string {
  if (type.kind === 'pointer') return `0x${value.toString(16)}`;
  if (type.kind === 'enum') return type.variants[value.toString()] ?? unsigned(type.size, value);
  return value.toString();
}

function unsigned(size: number, value: bigint): string {
  return BigInt.asUintN(8 * size, value).toString();
}

function listText(type: ValueType, values: readonly Value[], filter: TextFilter): string {
  switch (type.kind) {
    case 'none':
      return 'null';
    case 'tuple':
      return `(${members(type.fields, values, filter).join(', ')})`;
    case 'record': {
      if (type.fields.length === 0) return '{}';
      const texts = members(type.fields, values, filter);
      return `{ ${type.fields.map((field, i) => `.${field.name} = ${texts[i]}`).join(', ')} }`;
    }
    case 'kstack':
    case 'ustack':
      return stackText(type.mode, values, filter);
    case 'array':
      return `[${values.map((value) => valueText(type.element, value, filter)).join(',')}]`;
    default:
      return `[${values.map((value) => valueText(type, value, filter)).join(',')}]`;
  }
}

function members(
  fields: readonly FieldType[],
  values: readonly Value[],
  filter: TextFilter,
): string[] {
  return fields.map((field, i) => {
    const value = values[i];
    return value === undefined ? '' : valueText(field.type, value, filter);
  });
}

/** One frame a line after a leading line break; the host has written each frame in the form of its mode. */
function stackText(mode: string, frames: readonly Value[], filter: TextFilter): string {
  const indent = mode === 'bpftrace' ? '        ' : mode === 'perf' ? '\t' : '';
  let text = '\n';
  for (const frame of frames) text += `${indent}${filter(String(frame))}\n`;
  return text;
}

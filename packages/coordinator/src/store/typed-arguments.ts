/** The arguments of an event as columns of two types: numbers in one, all else, as it prints, in the other. */
import { valueText, type EventField, type Value, type ValueType } from '@bpfleet/protocol';
import { int64 } from './column-text.ts';

export type ArgumentKind = 'signed' | 'unsigned' | 'boolean' | 'text';

/** Integers as decimal strings: 64 bits do not fit into a number of JSON. */
export interface TypedArguments {
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

export function argumentKind(type: ValueType): ArgumentKind {
  switch (type.kind) {
    case 'integer':
      return type.signed ? 'signed' : 'unsigned';
    case 'pointer':
      return 'unsigned';
    case 'boolean':
      return 'boolean';
    default:
      return 'text';
  }
}

export function typedArguments(
  fields: readonly EventField[],
  values: readonly Value[],
): TypedArguments {
  const numbers: string[] = [];
  const texts: string[] = [];
  for (const [index, { type }] of fields.entries()) {
    const value = values[index] ?? '';
    if (argumentKind(type) === 'text') texts.push(valueText(type, value));
    else numbers.push(int64(typeof value === 'bigint' ? value : value === true ? 1n : 0n));
  }
  return { numbers, texts };
}

/** In which of the two columns each argument is, and where, counted from 1. */
export function argumentPlaces(
  fields: readonly EventField[],
): readonly { readonly kind: ArgumentKind; readonly place: number }[] {
  const next = { numbers: 1, texts: 1 };
  return fields.map(({ type }) => {
    const kind = argumentKind(type);
    return { kind, place: next[kind === 'text' ? 'texts' : 'numbers']++ };
  });
}

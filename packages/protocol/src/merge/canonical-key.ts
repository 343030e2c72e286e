/** One string for each value, different for different values: what the keys of several hosts are matched by. */
import { hexOf } from '../value/json.ts';
import type { Value } from '../value/value.ts';

/** Texts are written with their length, so that no text can pass for the end of a list. */
export function keyOf(value: Value | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'bigint') return `i${value};`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (value instanceof Uint8Array) return `b${hexOf(value)};`;
  return `[${value.map(keyOf).join('')}]`;
}

/** `offsetof(struct x, a.b)`: how far into a struct a member is. */
import { printType } from '../types/print-type.ts';
import type { Type } from '../types/type.ts';

export type OffsetOf =
  | { readonly kind: 'offset'; readonly bytes: number }
  | { readonly kind: 'fault'; readonly message: string };

export function offsetOf(outer: Type, path: readonly string[]): OffsetOf {
  let type = outer;
  let bytes = 0;
  for (const name of path) {
    if (type.kind !== 'struct') return fault(`'${printType(type)}' is not a C type.`);
    const { struct } = type;
    if (struct.size === 0 && struct.fields.length === 0) {
      return fault(`'${struct.name}' does not exist.`);
    }
    const field = struct.fields.find((candidate) => candidate.name === name);
    if (field === undefined) return fault(`'${struct.name}' has no field named '${name}'`);
    bytes += field.offset;
    type = field.type;
  }
  return { kind: 'offset', bytes };
}

function fault(message: string): OffsetOf {
  return { kind: 'fault', message };
}

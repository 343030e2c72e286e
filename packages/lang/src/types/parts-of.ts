/** How many values one value holds, with those inside it: its description has a line for each. */
import type { Struct, Type } from './type.ts';

/** More nobody prints; descriptions of more take megabytes. */
export const MAX_STRUCT_PARTS = 65_536;

const counted = new WeakMap<Struct, number>();

/** Elements of arrays are described once. */
export function partsOf(type: Type): number {
  switch (type.kind) {
    case 'array':
      return partsOf(type.element);
    case 'tuple':
    case 'record':
      return sumOf(type.fields);
    case 'struct': {
      const known = counted.get(type.struct) ?? sumOf(type.struct.fields);
      counted.set(type.struct, known);
      return known;
    }
    default:
      return 1;
  }
}

function sumOf(fields: readonly { readonly type: Type }[]): number {
  return fields.reduce((sum, field) => sum + partsOf(field.type), 0);
}

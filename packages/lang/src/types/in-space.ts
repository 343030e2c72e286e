/** A type as it is in another memory: what it points to, and what that points to in turn, is there. */
import type { CTypes } from './c-types.ts';
import type { AddressSpace, Type } from './type.ts';

export function inSpace(type: Type, space: AddressSpace, types: CTypes): Type {
  switch (type.kind) {
    case 'integer':
      return { ...type, space };
    case 'pointer':
      return { ...type, space, target: inSpace(type.target, space, types) };
    case 'array':
      return { ...type, space, element: inSpace(type.element, space, types) };
    case 'struct':
      return types.named(type.struct.name, space) ?? { ...type, space };
    default:
      return type;
  }
}

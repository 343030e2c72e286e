/** The fields of a struct of BTF, those of anonymous members among them. */
import { resolve, sizeOf } from '@bpfleet/bpf/btf';
import type { Btf, BtfComposite, BtfMember, TypeId } from '@bpfleet/bpf/btf';
import type { Field, Type } from './type.ts';

const BYTE_BITS = 8;
/** Deeper nesting of anonymous structs means a struct that contains itself. */
const DEPTH_LIMIT = 32;

/** Offsets are from the start of `outer`. */
export function btfFields(
  btf: Btf,
  outer: BtfComposite,
  typeOf: (id: TypeId) => Type,
): readonly Field[] {
  const fields: Field[] = [];
  const add = (composite: BtfComposite, bitOffset: number, depth: number): void => {
    for (const member of composite.members) {
      const at = bitOffset + member.bitOffset;
      if (member.name !== '') {
        fields.push(field(btf, member, at, typeOf));
        continue;
      }
      const inner = resolve(btf, member.type);
      const nested = inner.kind === 'struct' || inner.kind === 'union';
      if (nested && depth < DEPTH_LIMIT) add(inner, at, depth + 1);
    }
  };
  add(outer, 0, 0);
  return fields;
}

function field(
  btf: Btf,
  { name, type, bitSize }: BtfMember,
  bitOffset: number,
  typeOf: (id: TypeId) => Type,
): Field {
  if (bitSize === 0) return lazy(name, bitOffset / BYTE_BITS, () => typeOf(type));
  // Bits lie within a unit of the declared type; in packed structs they may straddle two, and start at any byte.
  const unitBytes = sizeOf(btf, type);
  const unit = Math.floor(bitOffset / (unitBytes * BYTE_BITS)) * unitBytes;
  const fits = bitOffset + bitSize <= (unit + unitBytes) * BYTE_BITS;
  const offset = fits ? unit : Math.floor(bitOffset / BYTE_BITS);
  const bitfield = { shift: bitOffset - offset * BYTE_BITS, width: bitSize };
  return { name, offset, type: typeOf(type), bitfield };
}

/** Most fields of a struct are never asked for their type. */
function lazy(name: string, offset: number, typeOf: () => Type): Field {
  let found: Type | undefined;
  return {
    name,
    offset,
    get type() {
      found ??= typeOf();
      return found;
    },
  };
}

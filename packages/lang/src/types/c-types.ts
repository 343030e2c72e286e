/**
 * Where the C types and constants that a program names are looked up. There is one for the script's own definitions, one
 * for the debug information of a traced file and one for the kernel's BTF; `layered` asks them in this order.
 */
import type { EnumType } from './scalars.ts';
import type { AddressSpace, Type } from './type.ts';

export interface CTypes {
  /**
   * `struct x`, `union x`, `enum x`, or a typedef or base type by its name. What its pointers point to, and the object
   * itself, is in `space`. The fields of a struct are found when they are first asked for, because structs refer to
   * themselves.
   */
  readonly named: (name: string, space: AddressSpace) => Type | undefined;
  /** The value of an enumerator, or of a macro that stands for an integer. */
  readonly constant: (name: string) => Constant | undefined;
  /** All names that `named` knows, for suggestions. */
  readonly names: () => Iterable<string>;
}

export interface Constant {
  readonly value: bigint;
  /** Of an enumerator, its enum. */
  readonly type?: EnumType;
}

/** The first that knows a name decides. */
export function layered(layers: readonly CTypes[]): CTypes {
  return {
    named: (name, space) => first(layers, (layer) => layer.named(name, space)),
    constant: (name) => first(layers, (layer) => layer.constant(name)),
    *names() {
      for (const layer of layers) yield* layer.names();
    },
  };
}

function first<Found>(
  layers: readonly CTypes[],
  find: (layer: CTypes) => Found | undefined,
): Found | undefined {
  for (const layer of layers) {
    const found = find(layer);
    if (found !== undefined) return found;
  }
  return undefined;
}

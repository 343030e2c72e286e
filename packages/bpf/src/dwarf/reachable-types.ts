/** Which structs of a program a script can look into, starting from the types it uses. */
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { DwarfError } from './dwarf-error.ts';
import { membersOf } from './members.ts';
import { peelType } from './peel-type.ts';

const MAX_STRUCTS = 50_000;

const composites: ReadonlySet<number> = new Set([
  dw.DW_TAG_structure_type,
  dw.DW_TAG_class_type,
  dw.DW_TAG_interface_type,
  dw.DW_TAG_union_type,
]);

export function isComposite(die: Die): boolean {
  return composites.has(die.tag);
}

export class ReachableTypes {
  readonly #follows: (member: string) => boolean;
  readonly #defined = new Set<string>();

  /** @param follows whether what a member points to may be looked into; what it contains always may */
  constructor(follows: (member: string) => boolean) {
    this.#follows = follows;
  }

  defines(die: Die): boolean {
    return this.#defined.has(die.key);
  }

  add(type: Die | undefined): void {
    const waiting = [{ type, follow: true }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const found = this.#target(next.type, next.follow);
      if (found === undefined || this.defines(found) || found.flag(dw.DW_AT_declaration)) continue;
      if (this.#defined.size >= MAX_STRUCTS) throw new DwarfError('dwarf: too many types');
      this.#defined.add(found.key);
      for (const member of membersOf(found)) {
        waiting.push({ type: member.type, follow: this.#follows(member.name) });
      }
    }
  }

  /** The struct in or behind a type; none behind a pointer that is not followed. */
  #target(type: Die | undefined, follow: boolean): Die | undefined {
    let die = peelType(type);
    for (let depth = 0; die !== undefined && depth < 32; depth++) {
      switch (die.tag) {
        case dw.DW_TAG_pointer_type:
        case dw.DW_TAG_reference_type:
        case dw.DW_TAG_rvalue_reference_type:
          if (!follow) return undefined;
          die = peelType(die.type);
          break;
        case dw.DW_TAG_array_type:
          die = peelType(die.type);
          break;
        default:
          return isComposite(die) ? die : undefined;
      }
    }
    return undefined;
  }
}

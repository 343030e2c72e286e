/**
 * Types of a program as an image of BTF, the form in which the compiler reads the kernel's types too.
 *
 * Programs have many thousands of types, and most are reached from any other by some pointer. So what a pointer points to
 * is defined only where the member that holds the pointer is one that the script names; else it is just declared.
 */
import { BtfBuilder } from '../btf/encode.ts';
import type { BtfEnumerator, TypeId } from '../btf/type.ts';
import { arrayLengths } from './array-lengths.ts';
import * as dw from './constants.ts';
import type { Die } from './die.ts';
import { DwarfError } from './dwarf-error.ts';
import { membersOf, type Member } from './members.ts';
import { peelType, sizeOfType } from './peel-type.ts';
import { isComposite, ReachableTypes } from './reachable-types.ts';

const MAX_TYPES = 200_000;
/** BTF counts members and enumerators in 16 bits, and has 24 for the offset of one among bit-fields. */
const MAX_ENTRIES = 0xffff;
const MAX_BIT_OFFSET = 2 ** 24;

type Emit = (builder: BtfBuilder) => void;

export class TypeImage {
  readonly #reachable: ReachableTypes;
  readonly #ids = new Map<string, TypeId>();
  /** One for each id, in order: a type may refer to one that is written later. */
  readonly #emits: Emit[] = [];
  #indexType: TypeId | undefined;

  /** @param follows whether the script names a member, so that what it points to may be looked at */
  constructor(follows: (member: string) => boolean) {
    this.#reachable = new ReachableTypes(follows);
  }

  /** The id of a type and of all it is made of; what it points to, too, is defined. 0 for `void`. */
  add(type: Die | undefined): TypeId {
    if (type === undefined) return 0;
    this.#reachable.add(type);
    return this.#idOf(type);
  }

  /** A type that was found by its bare name: of a class, which C would know by `struct Name` only, it becomes an alias. */
  addNamed(name: string, type: Die): TypeId {
    const inner = this.add(type);
    const hasTag = isComposite(type) || type.tag === dw.DW_TAG_enumeration_type;
    return hasTag ? this.#reserve((builder) => builder.typedef(name, inner)) : inner;
  }

  /** A struct of the caller's own, its members eight bytes aligned. */
  addStruct(
    name: string,
    members: readonly { readonly name: string; readonly type: Die | undefined }[],
  ): TypeId {
    let end = 0;
    const entries = members.slice(0, MAX_ENTRIES).map(({ name: member, type }) => {
      const bitOffset = end * 8;
      end += Math.ceil(sizeOfType(type) / 8) * 8;
      return { name: member, type: this.add(type), bitOffset, bitSize: 0 };
    });
    return this.#reserve((builder) => builder.struct(name, end, entries));
  }

  /** @throws DwarfError for damaged types, and for more than any script can mean. */
  bytes(): Uint8Array {
    const builder = new BtfBuilder();
    for (let index = 0; index < this.#emits.length; index++) this.#emits[index]?.(builder);
    return builder.bytes();
  }

  #reserve(emit: Emit): TypeId {
    if (this.#emits.length >= MAX_TYPES) throw new DwarfError('dwarf: too many types');
    return this.#emits.push(emit);
  }

  #idOf(type: Die | undefined): TypeId {
    const die = type && this.#completed(type);
    if (die === undefined || die.tag === dw.DW_TAG_unspecified_type) return 0;
    const { key } = die;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#reserve((builder) => this.#emit(builder, die));
    this.#ids.set(key, id);
    return id;
  }

  /** The definition that a declaration stands for, where it says which. */
  #completed(type: Die): Die {
    return isComposite(type) ? (peelType(type) ?? type) : type;
  }

  #emit(builder: BtfBuilder, die: Die): void {
    const name = die.name ?? '';
    switch (die.tag) {
      case dw.DW_TAG_base_type:
        emitBase(builder, die, name);
        return;
      case dw.DW_TAG_pointer_type:
      case dw.DW_TAG_reference_type:
      case dw.DW_TAG_rvalue_reference_type:
        builder.pointer(this.#idOf(die.type));
        return;
      case dw.DW_TAG_const_type:
        builder.qualifier('const', this.#idOf(die.type));
        return;
      case dw.DW_TAG_volatile_type:
      case dw.DW_TAG_atomic_type:
        builder.qualifier('volatile', this.#idOf(die.type));
        return;
      case dw.DW_TAG_restrict_type:
        builder.qualifier('restrict', this.#idOf(die.type));
        return;
      case dw.DW_TAG_typedef:
        builder.typedef(name, this.#idOf(die.type));
        return;
      case dw.DW_TAG_array_type:
        this.#emitArray(builder, die, arrayLengths(die));
        return;
      case dw.DW_TAG_structure_type:
      case dw.DW_TAG_class_type:
      case dw.DW_TAG_interface_type:
      case dw.DW_TAG_union_type:
        this.#emitComposite(builder, die, name);
        return;
      case dw.DW_TAG_enumeration_type:
        emitEnum(builder, die, name);
        return;
      case dw.DW_TAG_subroutine_type:
        builder.funcProto(0, []);
        return;
      default:
        // Pointers to members and the like: so many bytes of no known form.
        builder.int('', sizeOfType(die) === 16 ? 16 : 8, false);
    }
  }

  #emitArray(builder: BtfBuilder, die: Die, lengths: readonly number[]): void {
    const [length = 0, ...inner] = lengths;
    this.#indexType ??= this.#reserve((later) => later.int('unsigned long', 8, false));
    const element =
      inner.length === 0
        ? this.#idOf(die.type)
        : this.#reserve((later) => this.#emitArray(later, die, inner));
    builder.array(element, this.#indexType, length);
  }

  #emitComposite(builder: BtfBuilder, die: Die, name: string): void {
    const kind = die.tag === dw.DW_TAG_union_type ? 'union' : 'struct';
    if (!this.#reachable.defines(die)) {
      builder.forward(kind, name);
      return;
    }
    const members = [...membersOf(die)].filter(fitsBtf).slice(0, MAX_ENTRIES);
    const entries = members.map((member) => ({ ...member, type: this.#idOf(member.type) }));
    if (kind === 'union') builder.union(name, sizeOfType(die), entries);
    else builder.struct(name, sizeOfType(die), entries);
  }
}

function fitsBtf({ bitOffset, bitSize }: Member): boolean {
  return bitOffset >= 0 && bitOffset < MAX_BIT_OFFSET && bitSize < 256;
}

function emitBase(builder: BtfBuilder, die: Die, name: string): void {
  const sizeBytes = sizeOfType(die);
  switch (die.count(dw.DW_AT_encoding)) {
    case dw.DW_ATE_float:
      builder.float(name, sizeBytes);
      return;
    case dw.DW_ATE_boolean:
      builder.int(name, sizeBytes, false, 'bool');
      return;
    case dw.DW_ATE_signed:
      builder.int(name, sizeBytes, true);
      return;
    case dw.DW_ATE_signed_char:
      builder.int(name, sizeBytes, true, 'char');
      return;
    case dw.DW_ATE_unsigned_char:
      builder.int(name, sizeBytes, false, 'char');
      return;
    default:
      builder.int(name, sizeBytes, false);
  }
}

function emitEnum(builder: BtfBuilder, die: Die, name: string): void {
  const values: BtfEnumerator[] = [];
  for (const child of die.children()) {
    if (child.tag !== dw.DW_TAG_enumerator || values.length === MAX_ENTRIES) continue;
    const value = child.constant(dw.DW_AT_const_value);
    if (value !== undefined) values.push({ name: child.name ?? '', value });
  }
  const signed = values.some(({ value }) => value < 0n);
  builder.enumeration(name, sizeOfType(die) || 4, signed, values);
}

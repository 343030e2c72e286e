/** The C types of one BTF image: the kernel's, a module's, or those that a debug file was reduced to. */
import { resolve } from '@bpfleet/bpf/btf';
import type {
  Btf,
  BtfArray,
  BtfComposite,
  BtfEnum,
  BtfKind,
  BtfType,
  TypeId,
} from '@bpfleet/bpf/btf';
import type { Constant, CTypes } from './c-types.ts';
import { btfFields } from './btf-fields.ts';
import { byteArray, integer, pointer, UINT64, VOID } from './scalars.ts';
import type { IntegerType } from './scalars.ts';
import type { AddressSpace, Field, Struct, Type } from './type.ts';

/** Looks a type up by name among all that the program knows, its own definitions first. */
export type FindType = (name: string, space: AddressSpace) => Type | undefined;

const TAGGED: Readonly<Record<string, BtfKind>> = {
  struct: 'struct',
  union: 'union',
  enum: 'enum',
};
const PLAIN = ['typedef', 'int', 'float'] as const;

export class BtfTypes implements CTypes {
  readonly #btf: Btf;
  readonly #find: FindType;
  readonly #bytes: 'text' | 'numbers';
  readonly #structs = new Map<string, Struct>();
  readonly #enums = new Map<TypeId, Type>();

  /**
   * `find` completes structs that this image only declares, and puts the program's own in the place of the image's. `bytes` is
   * what arrays of `u8`, `uint8_t` and the like are; those of `char` are text always.
   */
  constructor(btf: Btf, find: FindType, bytes: 'text' | 'numbers' = 'text') {
    this.#btf = btf;
    this.#find = find;
    this.#bytes = bytes;
  }

  named(name: string, space: AddressSpace): Type | undefined {
    const [tag = '', tagged] = name.split(' ', 2);
    const kind = tagged === undefined ? undefined : TAGGED[tag];
    if (kind !== undefined && tagged !== undefined) return this.#lookUp(tagged, kind, space);
    for (const plain of PLAIN) {
      const found = this.#lookUp(name, plain, space);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  constant(name: string): Constant | undefined {
    const found = this.#btf.findEnumerator(name);
    if (found === undefined) return undefined;
    const type = this.type(found.type, 'kernel');
    return { value: found.value, ...(type.kind === 'enum' ? { type } : {}) };
  }

  *names(): Iterable<string> {
    for (const [tag, kind] of Object.entries(TAGGED)) {
      for (const [, name] of this.#btf.namesOf(kind)) yield `${tag} ${name}`;
    }
    for (const kind of PLAIN) {
      for (const [, name] of this.#btf.namesOf(kind)) yield name;
    }
  }

  /** @throws BtfError for an id out of range, and for a type that does not end. */
  type(id: TypeId, space: AddressSpace): Type {
    const type = resolve(this.#btf, id);
    switch (type.kind) {
      case 'int':
        return type.encoding === 'bool'
          ? { kind: 'boolean' }
          : numberType(type.sizeBytes, type.signed);
      case 'float':
        return numberType(type.sizeBytes, false);
      case 'ptr':
        return this.#pointer(type.type, space);
      case 'array':
        return this.#array(type, space);
      case 'struct':
      case 'union':
        return { kind: 'struct', struct: this.#struct(type, space), space };
      case 'fwd': {
        const struct = new NamedStruct(`${type.of} ${type.name}`, space, this.#find, undefined);
        return { kind: 'struct', struct, space };
      }
      case 'enum':
        return this.#enum(type);
      default:
        // Functions have no values; pointers to them are addresses.
        return VOID;
    }
  }

  #array({ element, length }: BtfArray, space: AddressSpace): Type {
    const type = this.type(element, space);
    const isNumber = this.#bytes === 'numbers' && this.#isTypedef(element);
    return isNumber
      ? { kind: 'array', element: type, length, space }
      : arrayOf(type, length, space);
  }

  #isTypedef(id: TypeId): boolean {
    const type = this.#btf.typeById(id);
    if (type.kind === 'const' || type.kind === 'volatile') return this.#isTypedef(type.type);
    return type.kind === 'typedef';
  }

  #lookUp(name: string, kind: BtfKind, space: AddressSpace): Type | undefined {
    const id = this.#btf.findByName(name, kind);
    return id === undefined ? undefined : this.type(id, space);
  }

  #pointer(target: TypeId, space: AddressSpace): Type {
    const tag = this.#addressTag(target);
    const pointeeSpace = tag === 'user' ? 'user' : space;
    const pointee = resolve(this.#btf, target);
    const made = pointer(this.#pointee(pointee, target, pointeeSpace), pointeeSpace);
    return tag === 'percpu' ? { ...made, perCpu: true } : made;
  }

  /** What a pointer to a named struct points to is looked up by name, and only when it is followed. */
  #pointee(type: BtfType, id: TypeId, space: AddressSpace): Type {
    if ((type.kind !== 'struct' && type.kind !== 'union') || type.name === '') {
      return this.type(id, space);
    }
    const own = this.#struct(type, space);
    const struct = new NamedStruct(own.name, space, this.#find, own);
    return { kind: 'struct', struct, space };
  }

  /** `user`, `percpu` and the like, among the qualifiers of what a pointer points to. */
  #addressTag(id: TypeId): string | undefined {
    let type = this.#btf.typeById(id);
    for (let depth = 0; depth < 32; depth++) {
      if (type.kind === 'type_tag') {
        if (type.name === 'user' || type.name === 'percpu') return type.name;
      } else if (type.kind !== 'const' && type.kind !== 'volatile') {
        return undefined;
      }
      type = this.#btf.typeById(type.type);
    }
    return undefined;
  }

  #struct(type: BtfComposite, space: AddressSpace): Struct {
    const key = `${type.id} ${space}`;
    const known = this.#structs.get(key);
    if (known !== undefined) return known;
    const name =
      type.name === '' ? `${type.kind} (anonymous ${type.id})` : `${type.kind} ${type.name}`;
    const struct = new BtfStruct(name, type.sizeBytes, () =>
      btfFields(this.#btf, type, (id) => this.type(id, space)),
    );
    this.#structs.set(key, struct);
    return struct;
  }

  #enum(type: BtfEnum): Type {
    const known = this.#enums.get(type.id);
    if (known !== undefined) return known;
    const variants = Object.fromEntries(type.values.map(({ name, value }) => [`${value}`, name]));
    const made: Type = {
      kind: 'enum',
      name: type.name,
      size: wordSize(type.sizeBytes),
      signed: type.signed,
      variants,
    };
    this.#enums.set(type.id, made);
    return made;
  }
}

/** Fields are read when first asked for. */
class BtfStruct implements Struct {
  readonly name: string;
  readonly size: number;
  readonly #read: () => readonly Field[];
  #fields: readonly Field[] | undefined;

  constructor(name: string, size: number, read: () => readonly Field[]) {
    this.name = name;
    this.size = size;
    this.#read = read;
  }

  get fields(): readonly Field[] {
    this.#fields ??= this.#read();
    return this.#fields;
  }
}

/** A struct behind a pointer: found by its name when first used, else what the image itself has. */
class NamedStruct implements Struct {
  readonly name: string;
  readonly #space: AddressSpace;
  readonly #find: FindType;
  readonly #own: Struct | undefined;
  #found: Struct | undefined;

  constructor(name: string, space: AddressSpace, find: FindType, own: Struct | undefined) {
    this.name = name;
    this.#space = space;
    this.#find = find;
    this.#own = own;
  }

  get size(): number {
    return this.#struct.size;
  }

  get fields(): readonly Field[] {
    return this.#struct.fields;
  }

  get #struct(): Struct {
    if (this.#found !== undefined) return this.#found;
    const type = this.#find(this.name, this.#space);
    this.#found =
      type?.kind === 'struct'
        ? type.struct
        : (this.#own ?? { name: this.name, size: 0, fields: [] });
    return this.#found;
  }
}

/** Text, as far as anyone can tell, where the elements are bytes. */
export function arrayOf(element: Type, length: number, space: AddressSpace): Type {
  if (element.kind === 'integer' && element.size === 1 && length > 0) return byteArray(length);
  return { kind: 'array', element, length, space };
}

function numberType(sizeBytes: number, signed: boolean): Type {
  if (sizeBytes <= 8) return integer(wordSize(sizeBytes), signed);
  return { kind: 'array', element: UINT64, length: sizeBytes / 8, space: 'kernel' };
}

function wordSize(sizeBytes: number): IntegerType['size'] {
  return sizeBytes === 1 || sizeBytes === 2 || sizeBytes === 4 ? sizeBytes : 8;
}

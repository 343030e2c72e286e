/** Builds a BTF blob: each call adds a type and returns its id. */
import {
  BTF_MAGIC,
  BTF_VERSION,
  HEADER_BYTES,
  INT_BOOL,
  INT_CHAR,
  INT_SIGNED,
  KIND_ARRAY,
  KIND_CONST,
  KIND_ENUM,
  KIND_ENUM64,
  KIND_FLOAT,
  KIND_FUNC,
  KIND_FUNC_PROTO,
  KIND_FWD,
  KIND_INT,
  KIND_PTR,
  KIND_RESTRICT,
  KIND_STRUCT,
  KIND_TYPEDEF,
  KIND_UNION,
  KIND_VOLATILE,
} from './kind-code.ts';
import type {
  BtfEnumerator,
  BtfInt,
  BtfLinkage,
  BtfMember,
  BtfParam,
  BtfQualifier,
  TypeId,
} from './type.ts';

const linkageCode = { static: 0, global: 1, extern: 2 } as const;
const qualifierKind = {
  const: KIND_CONST,
  volatile: KIND_VOLATILE,
  restrict: KIND_RESTRICT,
} as const;
const utf8 = new TextEncoder();

export class BtfBuilder {
  readonly #words: number[] = [];
  readonly #strings: number[] = [0];
  readonly #stringOffsets = new Map<string, number>([['', 0]]);
  #nextId = 1;

  /** Offset of a string, added once. */
  string(value: string): number {
    const known = this.#stringOffsets.get(value);
    if (known !== undefined) return known;
    const offset = this.#strings.length;
    for (const byte of utf8.encode(value)) this.#strings.push(byte);
    this.#strings.push(0);
    this.#stringOffsets.set(value, offset);
    return offset;
  }

  int(
    name: string,
    sizeBytes: number,
    signed: boolean,
    encoding: BtfInt['encoding'] = 'integer',
  ): TypeId {
    const flag = { integer: 0, char: INT_CHAR, bool: INT_BOOL }[encoding];
    const detail = ((flag | (signed ? INT_SIGNED : 0)) << 24) | (sizeBytes * 8);
    return this.#add(KIND_INT, name, 0, sizeBytes, [detail]);
  }

  pointer(type: TypeId): TypeId {
    return this.#add(KIND_PTR, '', 0, type, []);
  }

  const(type: TypeId): TypeId {
    return this.#add(KIND_CONST, '', 0, type, []);
  }

  qualifier(kind: BtfQualifier['kind'], type: TypeId): TypeId {
    return this.#add(qualifierKind[kind], '', 0, type, []);
  }

  float(name: string, sizeBytes: number): TypeId {
    return this.#add(KIND_FLOAT, name, 0, sizeBytes, []);
  }

  /** A struct or union that is only declared. */
  forward(of: 'struct' | 'union', name: string): TypeId {
    return this.#add(KIND_FWD, name, 0, 0, [], of === 'union');
  }

  typedef(name: string, type: TypeId): TypeId {
    return this.#add(KIND_TYPEDEF, name, 0, type, []);
  }

  /** `index` is the type of the subscript: any int. */
  array(element: TypeId, index: TypeId, length: number): TypeId {
    return this.#add(KIND_ARRAY, '', 0, 0, [element, index, length]);
  }

  struct(name: string, sizeBytes: number, members: readonly BtfMember[]): TypeId {
    return this.#composite(KIND_STRUCT, name, sizeBytes, members);
  }

  union(name: string, sizeBytes: number, members: readonly BtfMember[]): TypeId {
    return this.#composite(KIND_UNION, name, sizeBytes, members);
  }

  /** A signed four-byte enum. */
  enum(name: string, values: readonly { name: string; value: number }[]): TypeId {
    const tail = values.flatMap((entry) => [this.string(entry.name), entry.value]);
    return this.#add(KIND_ENUM, name, values.length, 4, tail, true);
  }

  /** An enum of any size; those of eight bytes need kernel 6.0 where a kernel is to read them. */
  enumeration(
    name: string,
    sizeBytes: number,
    signed: boolean,
    values: readonly BtfEnumerator[],
  ): TypeId {
    const low = (value: bigint): number => Number(BigInt.asUintN(32, value));
    if (sizeBytes <= 4) {
      const tail = values.flatMap((entry) => [this.string(entry.name), low(entry.value)]);
      return this.#add(KIND_ENUM, name, values.length, sizeBytes, tail, signed);
    }
    const tail = values.flatMap((entry) => [
      this.string(entry.name),
      low(entry.value),
      low(entry.value >> 32n),
    ]);
    return this.#add(KIND_ENUM64, name, values.length, sizeBytes, tail, signed);
  }

  funcProto(returnType: TypeId, params: readonly BtfParam[], variadic = false): TypeId {
    const tail = params.flatMap((param) => [this.string(param.name), param.type]);
    if (variadic) tail.push(0, 0);
    return this.#add(KIND_FUNC_PROTO, '', tail.length / 2, returnType, tail);
  }

  /** `prototype` is the id of a `funcProto`. Any linkage but static needs kernel 5.6. */
  func(name: string, prototype: TypeId, linkage: BtfLinkage = 'static'): TypeId {
    return this.#add(KIND_FUNC, name, linkageCode[linkage], prototype, []);
  }

  /** The blob so far. */
  bytes(): Uint8Array {
    const typeBytes = this.#words.length * 4;
    const bytes = new Uint8Array(HEADER_BYTES + typeBytes + this.#strings.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, BTF_MAGIC, true);
    view.setUint8(2, BTF_VERSION);
    const header = [HEADER_BYTES, 0, typeBytes, typeBytes, this.#strings.length];
    header.forEach((word, index) => view.setUint32(4 + index * 4, word, true));
    this.#words.forEach((word, index) => view.setUint32(HEADER_BYTES + index * 4, word, true));
    bytes.set(this.#strings, HEADER_BYTES + typeBytes);
    return bytes;
  }

  #composite(kind: number, name: string, sizeBytes: number, members: readonly BtfMember[]): TypeId {
    const flag = members.some((member) => member.bitSize !== 0);
    const tail = members.flatMap((member) => [
      this.string(member.name),
      member.type,
      (member.bitSize << 24) | member.bitOffset,
    ]);
    return this.#add(kind, name, members.length, sizeBytes, tail, flag);
  }

  #add(
    kind: number,
    name: string,
    vlen: number,
    third: number,
    tail: readonly number[],
    flag = false,
  ): TypeId {
    const info = ((flag ? 1 : 0) << 31) | (kind << 24) | vlen;
    this.#words.push(this.string(name), info, third);
    for (const word of tail) this.#words.push(word);
    return this.#nextId++;
  }
}

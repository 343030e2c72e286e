/**
 * From a name and kind to a type: a chained hash table in typed arrays over the bytes of the names, since a
 * `Map` of a hundred thousand strings costs more than most programs ever look up.
 */
import {
  KIND_ARRAY,
  KIND_CONST,
  KIND_DATASEC,
  KIND_DECL_TAG,
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
  KIND_TYPE_TAG,
  KIND_UNION,
  KIND_VAR,
  KIND_VOLATILE,
  kindOfInfo,
} from './kind-code.ts';
import { isNamed, nameBytes } from './name-bytes.ts';
import type { BtfStrings, NameBytes } from './name-bytes.ts';
import type { BtfKind } from './type.ts';

/** Codes in the blob that show as a kind. */
export const kindCodes: Readonly<Record<BtfKind, readonly number[]>> = {
  void: [],
  int: [KIND_INT],
  ptr: [KIND_PTR],
  array: [KIND_ARRAY],
  struct: [KIND_STRUCT],
  union: [KIND_UNION],
  enum: [KIND_ENUM, KIND_ENUM64],
  fwd: [KIND_FWD],
  typedef: [KIND_TYPEDEF],
  volatile: [KIND_VOLATILE],
  const: [KIND_CONST],
  restrict: [KIND_RESTRICT],
  func: [KIND_FUNC],
  func_proto: [KIND_FUNC_PROTO],
  var: [KIND_VAR],
  datasec: [KIND_DATASEC],
  float: [KIND_FLOAT],
  decl_tag: [KIND_DECL_TAG],
  type_tag: [KIND_TYPE_TAG],
};

const END = -1;
const utf8 = new TextEncoder();

export class NameIndex {
  readonly #types: DataView;
  readonly #records: Uint32Array;
  readonly #strings: BtfStrings;
  /** First record of each hash bucket. */
  readonly #heads: Int32Array;
  /** Next record of the same bucket, by record. */
  readonly #next: Int32Array;

  constructor(types: DataView, records: Uint32Array, strings: BtfStrings) {
    this.#types = types;
    this.#records = records;
    this.#strings = strings;
    const buckets = 2 ** Math.ceil(Math.log2(records.length + 1));
    this.#heads = new Int32Array(buckets).fill(END);
    this.#next = new Int32Array(records.length).fill(END);
    // Backwards, so that of several types with one name the first is found first.
    for (let record = records.length - 1; record >= 0; record--) {
      const name = this.#name(record);
      if (name === undefined) continue;
      const bucket = this.#hash(name.bytes, name.start) & (buckets - 1);
      this.#next[record] = this.#heads[bucket] ?? END;
      this.#heads[bucket] = record;
    }
  }

  /** Index of the first record with this name and kind. */
  find(name: string, kind: BtfKind): number | undefined {
    const wanted = utf8.encode(name);
    const codes = kindCodes[kind];
    let record = this.#heads[this.#hash(wanted, 0) & (this.#heads.length - 1)] ?? END;
    for (; record !== END; record = this.#next[record] ?? END) {
      const info = this.#types.getUint32((this.#records[record] ?? 0) + 4, true);
      if (codes.includes(kindOfInfo(info)) && this.#isNamed(record, wanted)) return record;
    }
    return undefined;
  }

  #name(record: number): NameBytes | undefined {
    const offset = this.#types.getUint32(this.#records[record] ?? 0, true);
    return offset === 0 ? undefined : nameBytes(this.#strings, offset);
  }

  #isNamed(record: number, wanted: Uint8Array): boolean {
    const name = this.#name(record);
    return name !== undefined && isNamed(name, wanted);
  }

  /** FNV-1a over the bytes up to a zero or the end. */
  #hash(bytes: Uint8Array, start: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === 0) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return hash >>> 0;
  }
}

/** The numbers by which a BTF blob names kinds, and how many bytes each kind's record takes. */

export const KIND_INT = 1;
export const KIND_PTR = 2;
export const KIND_ARRAY = 3;
export const KIND_STRUCT = 4;
export const KIND_UNION = 5;
export const KIND_ENUM = 6;
export const KIND_FWD = 7;
export const KIND_TYPEDEF = 8;
export const KIND_VOLATILE = 9;
export const KIND_CONST = 10;
export const KIND_RESTRICT = 11;
export const KIND_FUNC = 12;
export const KIND_FUNC_PROTO = 13;
export const KIND_VAR = 14;
export const KIND_DATASEC = 15;
export const KIND_FLOAT = 16;
export const KIND_DECL_TAG = 17;
export const KIND_TYPE_TAG = 18;
export const KIND_ENUM64 = 19;

export const BTF_MAGIC = 0xeb9f;
export const BTF_VERSION = 1;
export const HEADER_BYTES = 24;
/** Name offset, info word, and a size or a type id: what every record begins with. */
export const RECORD_BYTES = 12;

// Encoding bits of an int.
export const INT_SIGNED = 1;
export const INT_CHAR = 2;
export const INT_BOOL = 4;

/** Bytes after the common part, by kind: a fixed number, and a number for each of `vlen` entries. */
const fixedBytes = [0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0];
const entryBytes = [0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12];

/** Bytes of a whole record; undefined for a kind that is not known. */
export function recordBytes(kind: number, vlen: number): number | undefined {
  const fixed = fixedBytes[kind];
  const entry = entryBytes[kind];
  if (kind === 0 || fixed === undefined || entry === undefined) return undefined;
  return RECORD_BYTES + fixed + entry * vlen;
}

/** Kind of a record's info word. */
export function kindOfInfo(info: number): number {
  return (info >>> 24) & 0x1f;
}

/** Number of entries in a record's info word. */
export function vlenOfInfo(info: number): number {
  return info & 0xffff;
}

/** Kind-specific flag of a record's info word. */
export function flagOfInfo(info: number): boolean {
  return info >>> 31 === 1;
}

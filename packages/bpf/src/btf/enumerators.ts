/** The value of an enumerator by name: a search through all enums, since few programs name any. */
import {
  KIND_ENUM,
  KIND_ENUM64,
  RECORD_BYTES,
  flagOfInfo,
  kindOfInfo,
  vlenOfInfo,
} from './kind-code.ts';

const utf8 = new TextEncoder();

/** `firstString` is the name offset at which `strings` begins; `record` is an index into `records`. */
export function scanEnumerators(
  types: DataView,
  records: Uint32Array,
  strings: Uint8Array,
  firstString: number,
  name: string,
): { readonly record: number; readonly value: bigint } | undefined {
  const wanted = utf8.encode(name);
  for (const [record, at] of records.entries()) {
    const info = types.getUint32(at + 4, true);
    const kind = kindOfInfo(info);
    if (kind !== KIND_ENUM && kind !== KIND_ENUM64) continue;
    const entryBytes = kind === KIND_ENUM ? 8 : 12;
    for (let index = 0; index < vlenOfInfo(info); index++) {
      const entry = at + RECORD_BYTES + index * entryBytes;
      const start = types.getUint32(entry, true) - firstString;
      if (!isNamed(strings, start, wanted)) continue;
      return { record, value: readValue(types, entry + 4, kind, flagOfInfo(info)) };
    }
  }
  return undefined;
}

function isNamed(strings: Uint8Array, start: number, wanted: Uint8Array): boolean {
  if (strings[start] !== wanted[0] || strings[start + wanted.length] !== 0) return false;
  return wanted.every((byte, index) => strings[start + index] === byte);
}

function readValue(types: DataView, at: number, kind: number, signed: boolean): bigint {
  if (kind === KIND_ENUM64)
    return signed ? types.getBigInt64(at, true) : types.getBigUint64(at, true);
  return BigInt(signed ? types.getInt32(at, true) : types.getUint32(at, true));
}

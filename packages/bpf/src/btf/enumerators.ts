/** The value of an enumerator by name: a search through all enums, since few programs name any. */
import {
  KIND_ENUM,
  KIND_ENUM64,
  RECORD_BYTES,
  flagOfInfo,
  kindOfInfo,
  vlenOfInfo,
} from './kind-code.ts';
import { isNamed, nameBytes } from './name-bytes.ts';
import type { BtfStrings } from './name-bytes.ts';

const utf8 = new TextEncoder();

/** `record` is an index into `records`. */
export function scanEnumerators(
  types: DataView,
  records: Uint32Array,
  strings: BtfStrings,
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
      const entryName = nameBytes(strings, types.getUint32(entry, true));
      if (entryName === undefined || !isNamed(entryName, wanted)) continue;
      return { record, value: readValue(types, entry + 4, kind, flagOfInfo(info)) };
    }
  }
  return undefined;
}

function readValue(types: DataView, at: number, kind: number, signed: boolean): bigint {
  if (kind === KIND_ENUM64)
    return signed ? types.getBigInt64(at, true) : types.getBigUint64(at, true);
  return BigInt(signed ? types.getInt32(at, true) : types.getUint32(at, true));
}

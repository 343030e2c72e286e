/** Files inside ZIP archives, as far as code can be mapped from them: stored, not compressed. */

const END_RECORD = 0x0605_4b50;
const ENTRY_RECORD = 0x0201_4b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** A comment of at most 64 KiB may follow the end record. */
const MAX_COMMENT = 0xffff;

export interface ZipMember {
  /** Where its first byte is in the archive. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Undefined if there is no such member, if it is compressed, or if this is no archive. */
export function zipMember(archive: Uint8Array, name: string): ZipMember | undefined {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endRecord(view);
  if (end === undefined) return undefined;
  const decoder = new TextDecoder();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + ENTRY_BYTES > archive.length || view.getUint32(at, true) !== ENTRY_RECORD) break;
    const nameBytes = view.getUint16(at + 28, true);
    const start = at + ENTRY_BYTES;
    if (decoder.decode(archive.subarray(start, start + nameBytes)) === name) {
      return memberAt(archive, view, at);
    }
    at = start + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}

function endRecord(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_RECORD) return at;
  }
  return undefined;
}

function memberAt(archive: Uint8Array, view: DataView, entry: number): ZipMember | undefined {
  const stored = view.getUint16(entry + 10, true) === 0;
  const local = view.getUint32(entry + 42, true);
  if (!stored || local + LOCAL_BYTES > archive.length) return undefined;
  // The local header has names and extra fields of its own length.
  const offset =
    local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const size = view.getUint32(entry + 24, true);
  if (offset + size > archive.length) return undefined;
  return { offset, bytes: archive.subarray(offset, offset + size) };
}

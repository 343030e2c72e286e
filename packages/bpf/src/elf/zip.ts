/**
 * Files inside ZIP archives, as far as code can be mapped from them: stored, not compressed.
 *
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import type { ByteSource } from './byte-source.ts';

const END_RECORD = 0x0605_4b50;
const ENTRY_RECORD = 0x0201_4b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** A comment of at most 64 KiB may follow the end record. */
const MAX_COMMENT = 0xffff;

export interface ZipMember {
  readonly name: string;
  /** Where its first byte is in the archive. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Undefined if there is no such member, if it is compressed, or if this is no archive. */
export function zipMember(archive: ByteSource, name: string): ZipMember | undefined {
  for (const entry of entries(archive)) if (entry.name === name) return memberOf(archive, entry);
  return undefined;
}

/** The member that a byte of the archive is part of. */
export function zipMemberAt(archive: ByteSource, offset: number): ZipMember | undefined {
  for (const entry of entries(archive)) {
    // The headers are before the bytes, and nothing else is between them.
    if (entry.localOffset > offset) continue;
    const member = memberOf(archive, entry);
    if (member === undefined) continue;
    if (offset >= member.offset && offset < member.offset + member.sizeBytes) return member;
  }
  return undefined;
}

/** The bytes of a member, as a file of its own. */
export function memberSource(archive: ByteSource, { offset, sizeBytes }: ZipMember): ByteSource {
  return {
    length: sizeBytes,
    read: (at, length) => archive.read(offset + at, length),
  };
}

interface Entry {
  readonly name: string;
  readonly isStored: boolean;
  readonly sizeBytes: number;
  readonly localOffset: number;
}

function* entries(archive: ByteSource): Generator<Entry> {
  const tailBytes = Math.min(archive.length, END_BYTES + MAX_COMMENT);
  const tail = viewOf(archive.read(archive.length - tailBytes, tailBytes));
  const end = endRecord(tail);
  if (end === undefined) return;
  const start = tail.getUint32(end + 16, true);
  const bytes = Math.min(tail.getUint32(end + 12, true), Math.max(0, archive.length - start));
  const directory = archive.read(Math.min(start, archive.length), bytes);
  const view = viewOf(directory);
  const decoder = new TextDecoder();
  let at = 0;
  for (let left = tail.getUint16(end + 10, true); left > 0; left--) {
    if (at + ENTRY_BYTES > directory.length || view.getUint32(at, true) !== ENTRY_RECORD) return;
    const nameBytes = view.getUint16(at + 28, true);
    const nameAt = at + ENTRY_BYTES;
    yield {
      name: decoder.decode(directory.subarray(nameAt, nameAt + nameBytes)),
      isStored: view.getUint16(at + 10, true) === 0,
      sizeBytes: view.getUint32(at + 24, true),
      localOffset: view.getUint32(at + 42, true),
    };
    at = nameAt + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

function endRecord(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) === END_RECORD) return at;
  }
  return undefined;
}

function memberOf(
  archive: ByteSource,
  { name, isStored, sizeBytes, localOffset }: Entry,
): ZipMember | undefined {
  if (!isStored || localOffset + LOCAL_BYTES > archive.length) return undefined;
  // The local header has names and extra fields of its own length.
  const local = viewOf(archive.read(localOffset, LOCAL_BYTES));
  const offset = localOffset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  return offset + sizeBytes > archive.length ? undefined : { name, offset, sizeBytes };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

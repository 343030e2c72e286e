/** Frames that fit into a message of the broker: a large one becomes several that mean the same together. */
import { ByteWriter } from './byte-writer.ts';
import type { Frame, HostName, RawMapEntry } from './frame.ts';
import { writeMapValue } from './map-value-codec.ts';

/** Leaves room for the header under NATS's default limit of 1 MiB. */
export const SPLIT_BYTES = 1_000_000;

/** Returns the frame itself when it is small enough. A single record, entry or name is never divided. */
export function splitFrame(frame: Frame, maxBytes: number = SPLIT_BYTES): readonly Frame[] {
  const parts = partsOf(frame, maxBytes);
  return parts.length === 1 ? [frame] : parts;
}

/** About what a frame takes on the wire, without its header. */
export function frameBytes(frame: Frame): number {
  switch (frame.kind) {
    case 'events':
      return frame.records.reduce((sum, record) => sum + record.length + 4, 0);
    case 'map':
      return totalBytes(frame);
    case 'print':
      return frame.entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    case 'names':
      return frame.names.reduce((sum, name) => sum + nameBytes(name), 0);
    case 'output':
      return 3 * frame.text.length;
    case 'losses':
    case 'cost':
    case 'end':
      return 0;
  }
}

function partsOf(frame: Frame, maxBytes: number): readonly Frame[] {
  switch (frame.kind) {
    case 'events': {
      const parts = chunks(frame.records, (record) => record.length + 4, maxBytes);
      return parts.map((records) => ({ ...frame, records }));
    }
    case 'map':
      return splitMap(frame, maxBytes);
    case 'print': {
      const parts = chunks(frame.entries, entryBytes, maxBytes);
      return parts.map((entries, i) =>
        i === parts.length - 1 ? { ...frame, entries } : { ...frame, entries, more: true },
      );
    }
    case 'names':
      return chunks(frame.names, nameBytes, maxBytes).map((names) => ({ ...frame, names }));
    case 'output':
      return textChunks(frame.text, maxBytes).map((text) => ({ ...frame, text }));
    case 'losses':
    case 'cost':
    case 'end':
      return [frame];
  }
}

/** Deletions travel with the entries, in the same order of frames: each key is in one of them only. */
function splitMap(frame: Extract<Frame, { kind: 'map' }>, maxBytes: number): readonly Frame[] {
  const entries = chunks(frame.entries, entryBytes, maxBytes);
  const deleted = chunks(frame.deleted, (key) => key.length + 4, maxBytes);
  if (entries.length === 1 && deleted.length === 1 && totalBytes(frame) <= maxBytes) {
    return [frame];
  }
  return [
    ...entries
      .filter((part) => part.length > 0)
      .map((part) => ({ ...frame, entries: part, deleted: [] })),
    ...deleted
      .filter((part) => part.length > 0)
      .map((part) => ({ ...frame, entries: [], deleted: part })),
  ];
}

function totalBytes(frame: Extract<Frame, { kind: 'map' }>): number {
  const entries = frame.entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  return frame.deleted.reduce((sum, key) => sum + key.length + 4, entries);
}

function chunks<T>(
  values: readonly T[],
  sizeOf: (value: T) => number,
  maxBytes: number,
): (readonly T[])[] {
  const parts: T[][] = [[]];
  let size = 0;
  for (const value of values) {
    const bytes = sizeOf(value);
    const last = parts.at(-1);
    if (last === undefined || (size + bytes > maxBytes && last.length > 0)) {
      parts.push([value]);
      size = bytes;
    } else {
      last.push(value);
      size += bytes;
    }
  }
  return parts;
}

function entryBytes(entry: RawMapEntry): number {
  if (entry.value.kind === 'plain') return entry.key.length + entry.value.bytes.length + 9;
  const writer = new ByteWriter();
  writeMapValue(writer, entry.value);
  return entry.key.length + 4 + writer.finish().length;
}

function nameBytes(name: HostName): number {
  return name.text.reduce((sum, text) => sum + 4 + 3 * text.length, name.id.length + 9);
}

/** A UTF-16 unit takes at most three bytes of UTF-8. A pair of surrogates stays together. */
function textChunks(text: string, maxBytes: number): string[] {
  const step = Math.max(2, Math.floor(maxBytes / 3));
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + step, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts.length === 0 ? [''] : parts;
}

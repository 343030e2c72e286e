/** A map value as the columns that `map_points` and `print_points` share, and back. */
import { encodeMapValue, parseMapValue } from '@bpfleet/protocol';
import type { RawMapEntry, RawMapValue } from '@bpfleet/protocol';
import { int128, uint64 } from './column-text.ts';

/** How the entry prints; the columns beside it are for machines. */
export interface EntryTexts {
  readonly key: string;
  /** Of a plain value, else empty. */
  readonly value: string;
}

/** In the order of the tables' columns; big integers as decimal strings. */
export function valueColumns(
  { key, value }: RawMapEntry,
  texts: EntryTexts,
  schemaHash: string,
): readonly unknown[] {
  const columns = { count: '0', total: '0', extreme: '0', buckets: {}, bytes: '' };
  switch (value.kind) {
    case 'plain':
      columns.bytes = hex(value.bytes);
      break;
    case 'count':
      columns.count = uint64(value.count);
      break;
    case 'sum':
      columns.total = int128(value.total);
      break;
    case 'min':
    case 'max':
      columns.extreme = int128(value.value);
      break;
    case 'avg':
    case 'stats':
      columns.total = int128(value.total);
      columns.count = uint64(value.count);
      break;
    case 'hist':
    case 'lhist':
      columns.buckets = Object.fromEntries(value.buckets.map(([at, hits]) => [at, uint64(hits)]));
      break;
    case 'tseries':
      columns.bytes = hex(encodeMapValue(value));
      break;
  }
  const { count, total, extreme, buckets, bytes } = columns;
  return [
    hex(key),
    texts.key,
    value.kind,
    count,
    total,
    extreme,
    buckets,
    texts.value,
    bytes,
    schemaHash,
  ];
}

/** For a deleted key: what was there last does not matter. */
export function deletedColumns(
  key: Uint8Array,
  text: string,
  kind: RawMapValue['kind'],
  schemaHash: string,
): readonly unknown[] {
  return [hex(key), text, kind, '0', '0', '0', {}, '', '', schemaHash];
}

/** Stands for a window that the host has begun and that holds nothing; no key's bytes read like this. */
export const EMPTY_WINDOW = 'empty';

export function emptyColumns(kind: RawMapValue['kind'], schemaHash: string): readonly unknown[] {
  return [EMPTY_WINDOW, '', kind, '0', '0', '0', {}, '', '', schemaHash];
}

/** The shared columns as a query gives them. */
export interface ValueRow {
  readonly key_id: string;
  readonly kind: string;
  readonly count: string;
  readonly total: string;
  readonly extreme: string;
  readonly buckets: Readonly<Record<string, string>>;
  readonly bytes: string;
}

/** `undefined` for a kind that no version of this program wrote. */
export function entryOf(row: ValueRow): RawMapEntry | undefined {
  const value = valueOf(row);
  return value === undefined ? undefined : { key: bytesOf(row.key_id), value };
}

function valueOf(row: ValueRow): RawMapValue | undefined {
  switch (row.kind) {
    case 'plain':
      return { kind: 'plain', bytes: bytesOf(row.bytes) };
    case 'count':
      return { kind: 'count', count: BigInt(row.count) };
    case 'sum':
      return { kind: 'sum', total: BigInt(row.total) };
    case 'min':
    case 'max':
      return { kind: row.kind, value: BigInt(row.extreme) };
    case 'avg':
    case 'stats':
      return { kind: row.kind, total: BigInt(row.total), count: BigInt(row.count) };
    case 'hist':
    case 'lhist':
      return {
        kind: row.kind,
        buckets: Object.entries(row.buckets)
          .map(([at, hits]) => [Number(at), BigInt(hits)] as const)
          .toSorted(([a], [b]) => a - b),
      };
    case 'tseries':
      return parseMapValue(bytesOf(row.bytes));
    default:
      return undefined;
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Map values inside of frames. */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { FrameError } from './frame-error.ts';
import type { RawMapValue } from './frame.ts';

/** Their positions are their numbers on the wire: append only. */
const KINDS: readonly RawMapValue['kind'][] = [
  'plain',
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'stats',
  'hist',
  'lhist',
];

export function writeMapValue(writer: ByteWriter, value: RawMapValue): void {
  writer.byte(KINDS.indexOf(value.kind));
  switch (value.kind) {
    case 'plain':
      return writer.bytes(value.bytes);
    case 'count':
      return writer.integer(value.count);
    case 'sum':
      return writer.integer(value.total);
    case 'min':
    case 'max':
      return writer.integer(value.value);
    case 'avg':
    case 'stats':
      writer.integer(value.total);
      return writer.integer(value.count);
    case 'hist':
    case 'lhist':
      return writer.list(value.buckets, ([index, count]) => {
        writer.number(index);
        writer.integer(count);
      });
  }
}

export function readMapValue(reader: ByteReader): RawMapValue {
  const kind = KINDS[reader.byte()];
  if (kind === undefined) throw new FrameError('unknown kind of map value');
  switch (kind) {
    case 'plain':
      return { kind, bytes: reader.bytes() };
    case 'count':
      return { kind, count: unsigned(reader) };
    case 'sum':
      return { kind, total: reader.integer() };
    case 'min':
    case 'max':
      return { kind, value: reader.integer() };
    case 'avg':
    case 'stats':
      return { kind, total: reader.integer(), count: unsigned(reader) };
    case 'hist':
    case 'lhist':
      return { kind, buckets: readBuckets(reader) };
  }
}

/** Ascending and without repetition, which the merge relies on. */
function readBuckets(reader: ByteReader): (readonly [number, bigint])[] {
  let previous = -1;
  return reader.list(() => {
    const index = reader.number();
    if (index <= previous) throw new FrameError('buckets are out of order');
    previous = index;
    return [index, unsigned(reader)] as const;
  });
}

function unsigned(reader: ByteReader): bigint {
  const value = reader.integer();
  if (value < 0n) throw new FrameError('negative count');
  return value;
}

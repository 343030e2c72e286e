/** Map values inside of frames. */
import type { SeriesAggregate, SeriesPoint } from '../value/time-series.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
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
  'tseries',
];

/** The same holds for these. */
const SERIES: readonly SeriesAggregate[] = ['last', 'avg', 'sum', 'min', 'max'];

/** A value alone, for stores. */
export function encodeMapValue(value: RawMapValue): Uint8Array {
  const writer = new ByteWriter();
  writeMapValue(writer, value);
  return writer.finish();
}

/** Throws FrameError for bytes that are no value. */
export function parseMapValue(bytes: Uint8Array): RawMapValue {
  return readMapValue(new ByteReader(bytes));
}

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
    case 'tseries':
      writer.byte(SERIES.indexOf(value.aggregate));
      return writer.list(value.points, ({ epoch, value: number, meta }) => {
        writer.integer(epoch);
        writer.integer(number);
        writer.integer(meta);
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
    case 'tseries': {
      const aggregate = SERIES[reader.byte()];
      if (aggregate === undefined) throw new FrameError('unknown kind of time series');
      return { kind, aggregate, points: readPoints(reader) };
    }
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

/** Ascending, as buckets are. */
function readPoints(reader: ByteReader): SeriesPoint[] {
  let previous = -1n;
  return reader.list(() => {
    const epoch = unsigned(reader);
    if (epoch <= previous) throw new FrameError('intervals are out of order');
    previous = epoch;
    return { epoch, value: reader.integer(), meta: unsigned(reader) };
  });
}

function unsigned(reader: ByteReader): bigint {
  const value = reader.integer();
  if (value < 0n) throw new FrameError('negative count');
  return value;
}

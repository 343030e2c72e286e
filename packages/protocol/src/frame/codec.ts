/** Frames as bytes: a version, the header, a kind, the kind's own fields, a checksum; docs/protocol.md has the tables. */
import type { LossCounts } from '../api/coverage.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { checksum } from './checksum.ts';
import { FrameError } from './frame-error.ts';
import type { EndReason, Frame, FrameHeader, HostName, RawMapEntry } from './frame.ts';
import { readMapValue, writeMapValue } from './map-value-codec.ts';

export const FRAME_VERSION = 2;
/** Frames of agents not yet updated, and of those in the stream from before: their map frames have no time. */
const UNTIMED_VERSION = 1;

/** Larger frames are refused; NATS refuses messages over 1 MiB unless it is told otherwise. */
export const MAX_FRAME_BYTES: number = 8 * 1024 * 1024;

/** Their positions are their numbers on the wire: append only. */
const KINDS: readonly Frame['kind'][] = [
  'events',
  'map',
  'print',
  'names',
  'output',
  'losses',
  'cost',
  'end',
];
const REASONS: readonly EndReason[] = [
  ...(['exit', 'stopped', 'duration', 'lease', 'probes-gone', 'budget', 'policy'] as const),
];
const NAMED: readonly HostName['type'][] = [
  'kstack',
  'ustack',
  'ksym',
  'usym',
  'username',
  'cgroup-path',
  'container',
  'pod',
  'namespace',
];

export interface DecodedFrame {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

/** Throws RangeError for numbers that the format cannot hold. */
export function encodeFrame(header: FrameHeader, frame: Frame): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(FRAME_VERSION);
  writer.text(header.session);
  writer.text(header.host);
  writer.text(header.schemaHash);
  writer.number(header.epoch);
  writer.number(header.sequence);
  writer.integer(header.bootToUnixNs);
  writer.byte(KINDS.indexOf(frame.kind));
  writeFrame(writer, frame);
  return writer.finishWith(checksum);
}

/** Never throws: bytes that are not a frame give the error as a value. The frame shares memory with `bytes`. */
export function decodeFrame(bytes: Uint8Array): DecodedFrame | FrameError {
  if (bytes.length > MAX_FRAME_BYTES) return new FrameError(`${bytes.length} bytes are too many`);
  try {
    return readAll(bytes);
  } catch (error) {
    if (error instanceof FrameError) return error;
    throw error;
  }
}

const CHECKSUM_BYTES = 4;

function readAll(bytes: Uint8Array): DecodedFrame {
  const reader = new ByteReader(bytes.subarray(0, -CHECKSUM_BYTES));
  const version = reader.byte();
  if (version !== FRAME_VERSION && version !== UNTIMED_VERSION)
    throw new FrameError(`version ${version} is not supported`);
  if (!isIntact(bytes)) throw new FrameError('its checksum is another one');
  const header: FrameHeader = {
    session: reader.text(),
    host: reader.text(),
    schemaHash: reader.text(),
    epoch: reader.number(),
    sequence: reader.number(),
    bootToUnixNs: reader.integer(),
  };
  const frame = readFrame(reader, oneOf(KINDS, reader.byte()), version);
  reader.end();
  return { header, frame };
}

function isIntact(bytes: Uint8Array): boolean {
  const at = bytes.length - CHECKSUM_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(at, true) === checksum(bytes.subarray(0, at));
}

function writeFrame(writer: ByteWriter, frame: Frame): void {
  const entry = (value: RawMapEntry): void => {
    writer.bytes(value.key);
    writeMapValue(writer, value.value);
  };
  switch (frame.kind) {
    case 'events':
      return writer.list(frame.records, (record) => writer.bytes(record));
    case 'map':
      writer.text(frame.map);
      writer.number(frame.window);
      writer.integer(frame.nsecs ?? 0n);
      writer.list(frame.entries, entry);
      return writer.list(frame.deleted, (key) => writer.bytes(key));
    case 'print':
      writer.number(frame.event);
      writer.number(frame.ordinal);
      writer.integer(frame.nsecs);
      writer.byte(frame.more === true ? 1 : 0);
      return writer.list(frame.entries, entry);
    case 'names':
      return writer.list(frame.names, (name) => {
        writer.byte(NAMED.indexOf(name.type));
        writer.bytes(name.id);
        writer.list(name.text, (text) => writer.text(text));
      });
    case 'output':
      writer.number(frame.event);
      writer.integer(frame.nsecs);
      return writer.text(frame.text);
    case 'losses':
      for (const hop of HOPS) writer.number(frame.losses[hop]);
      return writer.integer(frame.nsecs ?? 0n);
    case 'cost':
      writer.integer(frame.cost.runTimeNs);
      writer.integer(frame.cost.runs);
      return writer.integer(frame.cost.availableNs);
    case 'end':
      writer.byte(REASONS.indexOf(frame.reason));
      writer.integer(BigInt(frame.exitCode));
      return writer.text(frame.message ?? '');
  }
}

const HOPS = [
  'ringBuffer',
  'mapFull',
  'missedRuns',
  'agentQueue',
  'broker',
  'store',
] as const satisfies readonly (keyof LossCounts)[];

function readFrame(reader: ByteReader, kind: Frame['kind'], version: number): Frame {
  const entry = (): RawMapEntry => ({ key: reader.bytes(), value: readMapValue(reader) });
  switch (kind) {
    case 'events':
      return { kind, records: reader.list(() => reader.bytes()) };
    case 'map': {
      const place = { map: reader.text(), window: reader.number() };
      const nsecs = version === UNTIMED_VERSION ? 0n : reader.integer();
      return {
        kind,
        ...place,
        ...(nsecs !== 0n && { nsecs }),
        entries: reader.list(entry),
        deleted: reader.list(() => reader.bytes()),
      };
    }
    case 'print': {
      const place = { event: reader.number(), ordinal: reader.number(), nsecs: reader.integer() };
      const more = reader.byte() !== 0;
      const entries = reader.list(entry);
      return more ? { kind, ...place, entries, more } : { kind, ...place, entries };
    }
    case 'names':
      return {
        kind,
        names: reader.list(() => ({
          type: oneOf(NAMED, reader.byte()),
          id: reader.bytes(),
          text: reader.list(() => reader.text()),
        })),
      };
    case 'output':
      return { kind, event: reader.number(), nsecs: reader.integer(), text: reader.text() };
    case 'losses': {
      const losses = {
        ringBuffer: reader.number(),
        mapFull: reader.number(),
        missedRuns: reader.number(),
        agentQueue: reader.number(),
        broker: reader.number(),
        // Counted where frames arrive.
        coordinator: 0,
        store: reader.number(),
      };
      const nsecs = version === UNTIMED_VERSION ? 0n : reader.integer();
      return { kind, losses, ...(nsecs !== 0n && { nsecs }) };
    }
    case 'cost': {
      const cost = {
        runTimeNs: reader.integer(),
        runs: reader.integer(),
        availableNs: reader.integer(),
      };
      return { kind, cost };
    }
    case 'end': {
      const reason = oneOf(REASONS, reader.byte());
      const exitCode = Number(BigInt.asIntN(32, reader.integer()));
      const message = reader.text();
      return { kind, reason, exitCode, ...(message === '' ? {} : { message }) };
    }
  }
}

function oneOf<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new FrameError(`unknown code ${index}`);
  return value;
}

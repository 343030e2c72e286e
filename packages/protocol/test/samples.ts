/** Schemas, frames and generators that the tests of this package share. */
import fc from 'fast-check';
import type {
  Frame,
  FrameHeader,
  MapSchema,
  MapValue,
  RawMapValue,
  Schema,
  SourcePosition,
  ValueType,
} from '@bpfleet/protocol';

export const U64: ValueType = { kind: 'integer', size: 8, signed: false };
export const I64: ValueType = { kind: 'integer', size: 8, signed: true };
export const COMM: ValueType = { kind: 'string', size: 16 };

export const AT: SourcePosition = {
  file: 'stdin',
  line: 1,
  column: 9,
  endLine: 1,
  endColumn: 12,
  text: 'begin { abc }',
};

export function mapSchema(map: Partial<MapSchema> & Pick<MapSchema, 'name' | 'value'>): MapSchema {
  return { kernelMap: 'AT_x', perCpu: true, key: undefined, hostLocal: false, ...map };
}

export function schemaOf(parts: Partial<Schema>): Schema {
  return {
    maps: [],
    events: [],
    output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 10240 },
    ...parts,
  };
}

export function header(parts: Partial<FrameHeader> = {}): FrameHeader {
  return {
    session: 's1',
    host: 'web-1',
    schemaHash: '0123456789abcdef',
    epoch: 1000,
    sequence: 0,
    bootToUnixNs: 0n,
    ...parts,
  };
}

export function bytes(text: string, size: number = text.length): Uint8Array {
  const padded = new Uint8Array(size);
  padded.set(new TextEncoder().encode(text));
  return padded;
}

export function words(...values: (bigint | number)[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => view.setBigUint64(8 * i, BigInt.asUintN(64, BigInt(value)), true));
  return new Uint8Array(view.buffer);
}

/** A record with its header and then `fields`. */
export function record(event: number, nsecs: bigint, fields: Uint8Array): Uint8Array {
  const whole = new Uint8Array(24 + fields.length);
  const view = new DataView(whole.buffer);
  view.setBigUint64(0, nsecs, true);
  view.setUint32(8, 42, true);
  view.setUint32(12, 41, true);
  view.setUint32(16, event, true);
  whole.set(fields, 24);
  return whole;
}

const buckets = fc
  .uniqueArray(fc.tuple(fc.nat(64), fc.bigInt(1n, 1n << 40n)), { selector: ([index]) => index })
  .map((list) => list.toSorted(([a], [b]) => a - b));
const signed64 = fc.bigInt(-(1n << 63n), (1n << 63n) - 1n);
const unsigned64 = fc.bigInt(0n, (1n << 64n) - 1n);

const seriesPoints = fc
  .uniqueArray(fc.record({ epoch: fc.bigInt(0n, 20n), value: signed64, meta: fc.bigInt(1n, 3n) }), {
    selector: ({ epoch }) => epoch,
  })
  .map((list) => list.toSorted((a, b) => Number(a.epoch - b.epoch)));

export const mapValues: Readonly<Record<MapValue['kind'], fc.Arbitrary<MapValue>>> = {
  plain: fc.record({
    kind: fc.constant('plain' as const),
    value: fc.oneof(signed64, fc.string(), fc.boolean(), fc.array(signed64)),
  }),
  count: fc.record({ kind: fc.constant('count' as const), count: unsigned64 }),
  sum: fc.record({ kind: fc.constant('sum' as const), total: signed64 }),
  min: fc.record({ kind: fc.constant('min' as const), value: signed64 }),
  max: fc.record({ kind: fc.constant('max' as const), value: signed64 }),
  avg: fc.record({ kind: fc.constant('avg' as const), total: signed64, count: unsigned64 }),
  stats: fc.record({ kind: fc.constant('stats' as const), total: signed64, count: unsigned64 }),
  hist: fc.record({ kind: fc.constant('hist' as const), buckets }),
  lhist: fc.record({ kind: fc.constant('lhist' as const), buckets }),
  tseries: fc.record({
    kind: fc.constant('tseries' as const),
    aggregate: fc.constant('last' as const),
    points: seriesPoints,
  }),
};

const plainBytes: fc.Arbitrary<RawMapValue> = fc.record({
  kind: fc.constant('plain' as const),
  bytes: fc.uint8Array({ maxLength: 20 }),
});
const rawValue: fc.Arbitrary<RawMapValue> = fc.oneof(
  plainBytes,
  ...Object.values(mapValues)
    .map((values) =>
      values.filter(
        (value): value is Exclude<MapValue, { kind: 'plain' }> => value.kind !== 'plain',
      ),
    )
    .slice(1),
);
const entry = fc.record({ key: fc.uint8Array({ maxLength: 24 }), value: rawValue });
const blobs = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
const text = fc.string({ unit: 'binary', maxLength: 20 });

export const headers: fc.Arbitrary<FrameHeader> = fc.record({
  session: text,
  host: text,
  schemaHash: text,
  epoch: fc.maxSafeNat(),
  sequence: fc.maxSafeNat(),
  bootToUnixNs: signed64,
});

export const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('events' as const), records: blobs }),
  fc.record(
    {
      kind: fc.constant('map' as const),
      map: text,
      window: fc.maxSafeNat(),
      nsecs: fc.bigInt(1n, (1n << 64n) - 1n),
      entries: fc.array(entry, { maxLength: 5 }),
      deleted: blobs,
    },
    { requiredKeys: ['kind', 'map', 'window', 'entries', 'deleted'] },
  ),
  fc.record({
    kind: fc.constant('print' as const),
    event: fc.nat(),
    ordinal: fc.nat(),
    nsecs: unsigned64,
    entries: fc.array(entry, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('names' as const),
    names: fc.array(
      fc.record({
        type: fc.constantFrom(
          'kstack',
          'ustack',
          'ksym',
          'usym',
          'username',
          'cgroup-path',
          'container',
          'pod',
          'namespace',
        ),
        id: fc.uint8Array({ maxLength: 16 }),
        text: fc.array(text, { maxLength: 4 }),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({ kind: fc.constant('output' as const), event: fc.nat(), nsecs: unsigned64, text }),
  fc.record({
    kind: fc.constant('losses' as const),
    losses: fc.record({
      ringBuffer: fc.maxSafeNat(),
      mapFull: fc.maxSafeNat(),
      missedRuns: fc.maxSafeNat(),
      agentQueue: fc.maxSafeNat(),
      broker: fc.maxSafeNat(),
      coordinator: fc.constant(0),
      store: fc.maxSafeNat(),
    }),
  }),
  fc.record({
    kind: fc.constant('cost' as const),
    cost: fc.record({ runTimeNs: unsigned64, runs: unsigned64, availableNs: unsigned64 }),
  }),
  fc.record(
    {
      kind: fc.constant('end' as const),
      reason: fc.constantFrom(
        'exit',
        'stopped',
        'duration',
        'lease',
        'probes-gone',
        'budget',
        'policy',
      ),
      exitCode: fc.integer(),
      message: text.filter((one) => one !== ''),
    },
    { requiredKeys: ['kind', 'reason', 'exitCode'] },
  ),
);

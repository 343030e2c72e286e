/** What many hosts have seen, merged, is what one host would have answered that had seen it all. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  FleetView,
  type Frame,
  type FrameHeader,
  type MapSchema,
  type RawMapValue,
} from '@bpfleet/protocol';
import { header, mapSchema, schemaOf, U64, words } from '../samples.ts';

interface Sample {
  readonly key: bigint;
  readonly value: bigint;
}

type Aggregated = Exclude<RawMapValue, { kind: 'plain' | 'tseries' }>;

const STEP = 1n << 36n;

/** As the kernel's program counts: one value for all samples of a key. */
const AGGREGATIONS: Readonly<
  Record<Aggregated['kind'], (values: readonly bigint[]) => Aggregated>
> = {
  count: (values) => ({ kind: 'count', count: BigInt(values.length) }),
  sum: (values) => ({ kind: 'sum', total: total(values) }),
  min: (values) => ({ kind: 'min', value: values.reduce((a, b) => (a < b ? a : b)) }),
  max: (values) => ({ kind: 'max', value: values.reduce((a, b) => (a > b ? a : b)) }),
  avg: (values) => ({ kind: 'avg', total: total(values), count: BigInt(values.length) }),
  stats: (values) => ({ kind: 'stats', total: total(values), count: BigInt(values.length) }),
  hist: (values) => ({ kind: 'hist', buckets: bucketsOf(values, powerOfTwo) }),
  lhist: (values) => ({ kind: 'lhist', buckets: bucketsOf(values, linear) }),
};

const SCHEMAS: Readonly<Record<Aggregated['kind'], MapSchema['value']>> = {
  count: { kind: 'count' },
  sum: { kind: 'sum', signed: true },
  min: { kind: 'min', signed: true },
  max: { kind: 'max', signed: true },
  avg: { kind: 'avg', signed: true },
  stats: { kind: 'stats', signed: true },
  hist: { kind: 'hist', bits: 0 },
  lhist: { kind: 'lhist', min: 0n, max: 1n << 38n, step: STEP },
};

function total(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}

/** Of `hist(n)`: 0 negative, 1 zero, then one for each power of two. */
function powerOfTwo(value: bigint): number {
  if (value <= 0n) return value < 0n ? 0 : 1;
  return value.toString(2).length + 1;
}

/** Of `lhist` over four steps. */
function linear(value: bigint): number {
  return value < 0n ? 0 : Math.min(1 + Number(value / STEP), 5);
}

function bucketsOf(
  values: readonly bigint[],
  bucketOf: (value: bigint) => number,
): readonly (readonly [number, bigint])[] {
  const counts = new Map<number, bigint>();
  for (const value of values) {
    const bucket = bucketOf(value);
    counts.set(bucket, (counts.get(bucket) ?? 0n) + 1n);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

function byKey(samples: readonly Sample[]): ReadonlyMap<bigint, readonly bigint[]> {
  const groups = new Map<bigint, bigint[]>();
  for (const { key, value } of samples) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

function answer(
  kind: Aggregated['kind'],
  seen: readonly Sample[],
): ReadonlyMap<bigint, Aggregated> {
  return new Map([...byKey(seen)].map(([key, values]) => [key, AGGREGATIONS[kind](values)]));
}

const samples = fc.array(fc.record({ key: fc.bigInt(0n, 3n), value: fc.bigInt(-5n, 1n << 40n) }), {
  maxLength: 12,
});
/** Of each host what it saw between one frame and the next. */
const fleets = fc.array(fc.array(samples, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
});

interface Sent {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

/** Frames carry what a host has seen since its start, not since the frame before. */
function framesOf(kind: Aggregated['kind'], hosts: readonly (readonly Sample[][])[]): Sent[] {
  return hosts.flatMap((parts, host) =>
    parts.map((_, sequence) => {
      const seen = answer(kind, parts.slice(0, sequence + 1).flat());
      const entries = [...seen].map(([key, value]) => ({ key: words(key), value }));
      return {
        header: header({ host: `host-${host}`, sequence }),
        frame: { kind: 'map', map: '@', window: 0, entries, deleted: [] },
      };
    }),
  );
}

function merged(kind: Aggregated['kind'], sent: readonly Sent[]): ReadonlyMap<bigint, unknown> {
  const schema = schemaOf({ maps: [mapSchema({ name: '@', key: U64, value: SCHEMAS[kind] })] });
  const view = new FleetView(schema, { fleet: true });
  for (const one of sent) view.apply(one.header, one.frame);
  const entries = view.maps()[0]?.entries ?? [];
  return new Map(entries.map(({ key, value }) => [key as bigint, value]));
}

/** Every frame, some of them twice, in any order. */
function disorder(sent: readonly Sent[]): fc.Arbitrary<readonly Sent[]> {
  return fc
    .subarray([...sent])
    .chain((again) =>
      fc.shuffledSubarray([...sent, ...again], { minLength: sent.length + again.length }),
    );
}

for (const kind of Object.keys(AGGREGATIONS) as readonly Aggregated['kind'][]) {
  test(`${kind} of many hosts is ${kind} of all that they saw, however their frames come`, () => {
    const cases = fleets.chain((hosts) =>
      disorder(framesOf(kind, hosts)).map((sent) => ({ hosts, sent })),
    );
    fc.assert(
      fc.property(cases, ({ hosts, sent }) => {
        const expected = answer(kind, hosts.flat(2));
        const actual = merged(kind, sent);
        assert.deepEqual(actual, expected);
      }),
    );
  });
}

/** Maps that are cleared now and then: each host answers for its last window, however its frames come. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  FleetView,
  type Frame,
  type FrameHeader,
  type MapSchema,
  type MergeMode,
  type SeriesPoint,
  type Value,
  type ValueType,
} from '@bpfleet/protocol';
import { bytes, COMM, header, mapSchema, schemaOf, U64, words } from '../samples.ts';

interface Sent {
  readonly header: FrameHeader;
  readonly frame: Frame;
}

/** How a key lies in the kernel, and what it means. */
interface KeyKind {
  readonly type: ValueType;
  readonly encode: (id: number) => Uint8Array;
  readonly value: (id: number) => Value;
}

const NAMES = ['cat', 'ls', 'sh', ''];

const KEYS: Readonly<Record<string, KeyKind>> = {
  numbers: { type: U64, encode: (id) => words(id), value: (id) => BigInt(id) },
  // What lies behind the NUL is chance.
  texts: {
    type: COMM,
    encode: (id) => bytes(`${NAMES[id]}\0${'x'.repeat(id)}`, 16),
    value: (id) => NAMES[id] ?? '',
  },
  tuples: {
    type: {
      kind: 'tuple',
      size: 24,
      fields: [
        { name: '0', offset: 0, type: COMM },
        { name: '1', offset: 16, type: U64 },
      ],
    },
    encode: (id) => Buffer.concat([bytes(NAMES[id] ?? '', 16), words(id)]),
    value: (id) => [NAMES[id] ?? '', BigInt(id)],
  },
};

/** Of each host, for each of its windows, how often it saw each key. */
const fleets = fc.array(
  fc.array(fc.array(fc.nat(3), { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  { minLength: 1, maxLength: 3 },
);

function countsOf(ids: readonly number[]): ReadonlyMap<number, bigint> {
  const counts = new Map<number, bigint>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0n) + 1n);
  return counts;
}

/** One frame for each window, and one for what it was in the middle of it. */
function framesOf(kind: KeyKind, fleet: readonly (readonly number[][])[]): readonly Sent[] {
  return fleet.flatMap((windows, host) =>
    windows.flatMap((ids, window) =>
      [ids.slice(0, ids.length >> 1), ids].map((seen, part): Sent => {
        const entries = [...countsOf(seen)].map(([id, count]) => ({
          key: kind.encode(id),
          value: { kind: 'count' as const, count },
        }));
        return {
          header: header({ host: `host-${host}`, sequence: 2 * window + part }),
          frame: { kind: 'map', map: '@', window, entries, deleted: [] },
        };
      }),
    ),
  );
}

function mapOf(key: ValueType, value: MapSchema['value']): MapSchema {
  return mapSchema({ name: '@', key, value });
}

function merged(map: MapSchema, sent: readonly Sent[], merge: MergeMode): Map<string, unknown> {
  const view = new FleetView(schemaOf({ maps: [map] }), { fleet: true, merge });
  for (const { header, frame } of sent) view.apply(header, frame);
  const entries = view.maps()[0]?.entries ?? [];
  return new Map(
    entries.map(({ host, key, value }) => [textOf(host === undefined ? key : [host, key]), value]),
  );
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : part,
  );
}

/** Every frame, some of them twice, in any order. */
function disorder<Item>(sent: readonly Item[]): fc.Arbitrary<readonly Item[]> {
  return fc
    .subarray([...sent])
    .chain((again) =>
      fc.shuffledSubarray([...sent, ...again], { minLength: sent.length + again.length }),
    );
}

for (const [name, kind] of Object.entries(KEYS)) {
  test(`counts by ${name} are those of every host's last window`, () => {
    const cases = fleets.chain((fleet) =>
      disorder(framesOf(kind, fleet)).map((sent) => ({ fleet, sent })),
    );
    fc.assert(
      fc.property(cases, ({ fleet, sent }) => {
        const all = countsOf(fleet.flatMap((windows) => windows[windows.length - 1] ?? []));
        const expected = [...all].map(([id, count]) => [
          textOf(kind.value(id)),
          { kind: 'count', count },
        ]);
        const actual = merged(mapOf(kind.type, { kind: 'count' }), sent, 'meaning');
        assert.deepEqual(actual, new Map(expected as [string, unknown][]));
      }),
    );
  });
}

test('counts of each host by itself are those of its last window', () => {
  const kind = KEYS['tuples'];
  assert.ok(kind);
  const cases = fleets.chain((fleet) =>
    disorder(framesOf(kind, fleet)).map((sent) => ({ fleet, sent })),
  );
  fc.assert(
    fc.property(cases, ({ fleet, sent }) => {
      const actual = merged(mapOf(kind.type, { kind: 'count' }), sent, 'host');
      const keys = fleet.map((windows) => countsOf(windows[windows.length - 1] ?? []).size);
      assert.equal(
        actual.size,
        keys.reduce((sum, size) => sum + size, 0),
      );
      const total = [...actual.values()].map((value) => (value as { count: bigint }).count);
      const seen = fleet.flatMap((windows) => windows[windows.length - 1] ?? []).length;
      assert.equal(
        total.reduce((sum, count) => sum + count, 0n),
        BigInt(seen),
      );
    }),
  );
});

const points = fc.array(fc.tuple(fc.bigInt(0n, 4n), fc.bigInt(-100n, 100n)), { maxLength: 8 });

/** As one kernel would keep them. */
function seriesOf(seen: readonly (readonly [bigint, bigint])[]): readonly SeriesPoint[] {
  const sums = new Map<bigint, SeriesPoint>();
  for (const [epoch, value] of seen) {
    const { value: sum, meta } = sums.get(epoch) ?? { value: 0n, meta: 0n };
    sums.set(epoch, { epoch, value: sum + value, meta: meta + 1n });
  }
  return [...sums.values()].toSorted((a, b) => Number(a.epoch - b.epoch));
}

test('averages by interval of many hosts are those of all that they saw', () => {
  const value: MapSchema['value'] = {
    kind: 'tseries',
    signed: true,
    intervalNs: 1_000_000_000n,
    intervals: 5,
    aggregate: 'avg',
  };
  const cases = fc.array(points, { minLength: 1, maxLength: 4 }).chain((fleet) => {
    const sent = fleet.map((seen, host): Sent => {
      const series = {
        kind: 'tseries' as const,
        aggregate: 'avg' as const,
        points: seriesOf(seen),
      };
      const entries = seen.length === 0 ? [] : [{ key: words(0), value: series }];
      const frame: Frame = { kind: 'map', map: '@', window: 0, entries, deleted: [] };
      return { header: header({ host: `host-${host}` }), frame };
    });
    return disorder(sent).map((disordered) => ({ fleet, disordered }));
  });
  fc.assert(
    fc.property(cases, ({ fleet, disordered }) => {
      const expected = seriesOf(fleet.flat());
      const actual = merged(mapOf(U64, value), disordered, 'meaning').get('"0n"');
      if (expected.length === 0) assert.equal(actual, undefined);
      else assert.deepEqual(actual, { kind: 'tseries', aggregate: 'avg', points: expected });
    }),
  );
});

/** One value from those of all CPUs. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MapSchema, MapValueType, RawMapValue } from '@bpfleet/protocol';
import { mapValueBytes, reduceMapValue } from '@bpfleet/protocol';
import { COMM, mapSchema, words } from '../samples.ts';

const keyed = (value: MapValueType): MapSchema => mapSchema({ name: '@', key: COMM, value });
const scalar = (value: MapValueType): MapSchema => mapSchema({ name: '@', value });
const U32 = { kind: 'integer', size: 4, signed: false } as const;

const cases: readonly (readonly [
  string,
  MapSchema,
  Uint8Array,
  number,
  RawMapValue | undefined,
])[] = [
  ['count', keyed({ kind: 'count' }), words(1, 2, 3), 3, { kind: 'count', count: 6n }],
  ['count of nothing', keyed({ kind: 'count' }), words(0, 0), 2, { kind: 'count', count: 0n }],
  ['scalar count of nothing', scalar({ kind: 'count' }), words(0, 0), 2, undefined],
  [
    'signed sum',
    keyed({ kind: 'sum', signed: true }),
    words(5, -9),
    2,
    { kind: 'sum', total: -4n },
  ],
  [
    'unsigned sum that wraps as the kernel’s',
    keyed({ kind: 'sum', signed: false }),
    words(-1, 2),
    2,
    { kind: 'sum', total: 1n },
  ],
  [
    'scalar sum of zero that was assigned',
    scalar({ kind: 'sum', signed: true }),
    words(4, 1, -4, 1),
    2,
    { kind: 'sum', total: 0n },
  ],
  [
    'scalar sum never assigned',
    scalar({ kind: 'sum', signed: true }),
    words(0, 0, 0, 0),
    2,
    undefined,
  ],
  [
    'min over the CPUs that have one',
    keyed({ kind: 'min', signed: true }),
    words(0, 0, 7, 1, -3, 1),
    3,
    { kind: 'min', value: -3n },
  ],
  [
    'unsigned max',
    keyed({ kind: 'max', signed: false }),
    words(-1, 1, 7, 1),
    2,
    { kind: 'max', value: (1n << 64n) - 1n },
  ],
  [
    'max of no CPU, which the program zeroed',
    keyed({ kind: 'max', signed: true }),
    words(9, 0),
    1,
    { kind: 'max', value: 0n },
  ],
  ['scalar max of no CPU', scalar({ kind: 'max', signed: true }), words(9, 0), 1, undefined],
  [
    'stats',
    keyed({ kind: 'stats', signed: true }),
    words(10, 2, -4, 1),
    2,
    { kind: 'stats', total: 6n, count: 3n },
  ],
  ['scalar avg of nothing', scalar({ kind: 'avg', signed: true }), words(0, 0), 1, undefined],
  [
    'lhist',
    keyed({ kind: 'lhist', min: 0n, max: 20n, step: 10n }),
    words(0, 1, 0, 2, 0, 3, 0, 4),
    2,
    {
      kind: 'lhist',
      buckets: [
        [1, 4n],
        [3, 6n],
      ],
    },
  ],
  [
    'plain',
    keyed({ kind: 'plain', type: U32 }),
    Uint8Array.of(1, 2, 3, 4),
    1,
    { kind: 'plain', bytes: Uint8Array.of(1, 2, 3, 4) },
  ],
  [
    'scalar plain that is zero and assigned',
    scalar({ kind: 'plain', type: U32 }),
    words(0, 1),
    1,
    { kind: 'plain', bytes: new Uint8Array(4) },
  ],
  ['scalar plain never assigned', scalar({ kind: 'plain', type: U32 }), words(0, 0), 1, undefined],
  ['bytes that are missing', keyed({ kind: 'count' }), words(5), 4, { kind: 'count', count: 5n }],
];

for (const [what, map, bytes, cpus, expected] of cases) {
  test(`reduces ${what}`, () => assert.deepEqual(reduceMapValue(map, bytes, cpus), expected));
}

test('a histogram of many CPUs is the sum of their buckets', () => {
  const map = keyed({ kind: 'hist', bits: 0 });
  const one = new BigUint64Array(65);
  one[3] = 2n;
  one[64] = 1n;
  const bytes = new Uint8Array(2 * 65 * 8);
  bytes.set(new Uint8Array(one.buffer));
  bytes.set(new Uint8Array(one.buffer), 65 * 8);
  assert.equal(mapValueBytes(map), 65 * 8);
  assert.deepEqual(reduceMapValue(map, bytes, 2), {
    kind: 'hist',
    buckets: [
      [3, 4n],
      [64, 2n],
    ],
  });
});

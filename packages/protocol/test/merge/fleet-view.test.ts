/** A view of a fleet: exact under replay, duplication, reordering and gaps; ordered; honest about who is missing. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {
  Frame,
  FrameHeader,
  MapItem,
  OutputItem,
  RawMapEntry,
  Schema,
} from '@bpfleet/protocol';
import { FleetView, keyOf, type MergeMode } from '@bpfleet/protocol';
import fc from 'fast-check';
import { bytes, COMM, header, I64, mapSchema, record, schemaOf, U64, words } from '../samples.ts';

const COUNTS = mapSchema({ name: '@', key: COMM, value: { kind: 'count' } });

const SCHEMA: Schema = schemaOf({
  maps: [
    COUNTS,
    mapSchema({ name: '@tid', key: U64, value: { kind: 'count' }, hostLocal: true }),
    mapSchema({ name: '@last', perCpu: false, value: { kind: 'plain', type: I64 } }),
  ],
  events: [
    { kind: 'print-map', map: '@', top: 1, divisor: undefined },
    { kind: 'printf', format: 'n=%d\n', arguments: [{ offset: 24, type: I64, dynamic: false }] },
    { kind: 'system', format: 'ls', arguments: [] },
  ],
});

function view(options: { merge?: MergeMode; graceMs?: number } = {}): FleetView {
  return new FleetView(SCHEMA, { fleet: true, ...options });
}

function counted(comm: string, count: number): RawMapEntry {
  return { key: bytes(comm, 16), value: { kind: 'count', count: BigInt(count) } };
}

function mapFrame(
  entries: readonly RawMapEntry[],
  parts: { map?: string; window?: number; deleted?: readonly Uint8Array[] } = {},
): Frame {
  return { kind: 'map', map: '@', window: 0, deleted: [], entries, ...parts };
}

function printFrame(ordinal: number, nsecs: bigint, ...entries: RawMapEntry[]): Frame {
  return { kind: 'print', event: 0, ordinal, nsecs, entries };
}

/** `host/key` or key → value, of what has counts. */
function counts(item: MapItem | undefined): Record<string, bigint> {
  return Object.fromEntries(
    (item?.entries ?? []).map(({ host, key, value }) => [
      (host === undefined ? '' : `${host}/`) + (key === undefined ? '' : String(key)),
      value.kind === 'count' ? value.count : value.kind === 'plain' ? (value.value as bigint) : -1n,
    ]),
  );
}

const END: Frame = { kind: 'end', reason: 'stopped', exitCode: 0 };

test('equal keys of several hosts add up', () => {
  const fleet = view();
  fleet.apply(header({ host: 'a' }), mapFrame([counted('cat', 3), counted('ls', 1)]));
  fleet.apply(header({ host: 'b' }), mapFrame([counted('cat', 4)]));
  assert.deepEqual(counts(fleet.maps()[0]), { cat: 7n, ls: 1n });
});

test('a later frame replaces the value of the same key instead of adding to it', () => {
  const fleet = view();
  fleet.apply(header({ sequence: 0 }), mapFrame([counted('cat', 3)]));
  fleet.apply(header({ sequence: 1 }), mapFrame([counted('cat', 5)]));
  assert.deepEqual(counts(fleet.maps()[0]), { cat: 5n });
});

/** What two hosts send: counters that only grow, with clears and deletions in between. */
const histories = fc
  .array(
    fc.record({
      host: fc.constantFrom('a', 'b'),
      clear: fc.boolean(),
      comm: fc.constantFrom('cat', 'ls', 'sh'),
      count: fc.nat(1000),
      remove: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    const sequences = new Map<string, number>();
    const windows = new Map<string, number>();
    return steps.map(({ host, clear, comm, count, remove }): [FrameHeader, Frame] => {
      const sequence = sequences.get(host) ?? 0;
      sequences.set(host, sequence + 1);
      const window = (windows.get(host) ?? 0) + (clear ? 1 : 0);
      windows.set(host, window);
      const frame = remove
        ? mapFrame([], { window, deleted: [bytes(comm, 16)] })
        : mapFrame([counted(comm, count)], { window });
      return [header({ host, sequence }), frame];
    });
  });

function shown(frames: readonly (readonly [FrameHeader, Frame])[]): unknown {
  const fleet = view();
  for (const [head, frame] of frames) fleet.apply(head, frame);
  const maps = fleet.maps().map((item) => ({
    name: item.map.name,
    entries: item.entries.toSorted((a, b) => (keyOf(a.key) < keyOf(b.key) ? -1 : 1)),
  }));
  return { maps, losses: fleet.losses() };
}

test('a replay of any part of the frames changes nothing', () => {
  fc.assert(
    fc.property(histories, fc.nat(), fc.nat(), (frames, from, length) => {
      const start = frames.length === 0 ? 0 : from % frames.length;
      const again = frames.slice(start, start + length);
      assert.deepEqual(shown([...frames, ...again]), shown(frames));
    }),
  );
});

test('frames in any order and number give the same maps', () => {
  const shuffled = histories.chain((frames) =>
    fc.tuple(
      fc.constant(frames),
      fc.shuffledSubarray(frames, { minLength: frames.length }),
      fc.shuffledSubarray(frames),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([frames, shuffle, duplicates]) => {
      assert.deepEqual(shown([...shuffle, ...duplicates]), shown(frames));
    }),
  );
});

test('a frame that never came is counted once, and the next absolute value makes up for it', () => {
  const fleet = view();
  fleet.apply(header({ sequence: 0 }), mapFrame([counted('cat', 1)]));
  fleet.apply(header({ sequence: 2 }), mapFrame([counted('cat', 9)]));
  assert.deepEqual(counts(fleet.maps()[0]), { cat: 9n });
  assert.equal(fleet.losses().broker, 1);
  fleet.apply(header({ sequence: 1 }), mapFrame([counted('cat', 5), counted('ls', 2)]));
  assert.deepEqual(counts(fleet.maps()[0]), { cat: 9n, ls: 2n });
  assert.equal(fleet.losses().broker, 0);
});

test('a restarted runner adds to what the earlier one counted, and old frames no longer matter', () => {
  const fleet = view();
  fleet.apply(header({ epoch: 1 }), mapFrame([counted('cat', 10)]));
  fleet.apply(header({ epoch: 2 }), mapFrame([counted('cat', 1), counted('ls', 1)]));
  fleet.apply(header({ epoch: 1, sequence: 1 }), mapFrame([counted('cat', 99)]));
  fleet.apply(header({ epoch: 2, sequence: 1 }), mapFrame([counted('cat', 2)]));
  assert.deepEqual(counts(fleet.maps()[0]), { cat: 12n, ls: 1n });
});

test('a clear of the restarted runner also clears what the earlier one counted', () => {
  const fleet = view();
  fleet.apply(header({ epoch: 1 }), mapFrame([counted('cat', 10)]));
  fleet.apply(header({ epoch: 2 }), mapFrame([counted('cat', 1)], { window: 1 }));
  assert.deepEqual(counts(fleet.maps()[0]), { cat: 1n });
});

test('losses and cost of a restarted runner add up', () => {
  const cost = (runTimeNs: bigint, runs: bigint): Frame => ({
    kind: 'cost',
    cost: { runTimeNs, runs, availableNs: 100n },
  });
  const fleet = view();
  const losses = (ringBuffer: number): Frame => ({
    kind: 'losses',
    losses: {
      ringBuffer,
      mapFull: 1,
      missedRuns: 0,
      agentQueue: 0,
      broker: 0,
      coordinator: 0,
      store: 0,
    },
  });
  fleet.apply(header({ epoch: 1 }), losses(3));
  fleet.apply(header({ epoch: 1, sequence: 1 }), losses(5));
  fleet.apply(header({ epoch: 1, sequence: 2 }), cost(10n, 1n));
  fleet.apply(header({ epoch: 2 }), losses(2));
  fleet.apply(header({ epoch: 2, sequence: 1 }), cost(7n, 2n));
  assert.equal(fleet.losses().ringBuffer, 7);
  assert.equal(fleet.losses().mapFull, 2);
  assert.deepEqual(fleet.summary('web-1').cost, {
    runTimeNs: 17n,
    runs: 3n,
    availableNs: 200n,
  });
});

test('host-local keys and plain values carry their host, unless merging is forced', () => {
  const frames = (fleet: FleetView): Record<string, bigint>[] => {
    for (const host of ['a', 'b']) {
      const tid = { key: words(7), value: { kind: 'count', count: 1n } } as const;
      const last = { key: new Uint8Array(), value: { kind: 'plain', bytes: words(5) } } as const;
      fleet.apply(header({ host, sequence: 0 }), mapFrame([tid], { map: '@tid' }));
      fleet.apply(header({ host, sequence: 1 }), mapFrame([last], { map: '@last' }));
    }
    return fleet.maps().map(counts);
  };
  assert.deepEqual(frames(view()), [
    { 'a/': 5n, 'b/': 5n },
    { 'a/7': 1n, 'b/7': 1n },
  ]);
  assert.deepEqual(frames(view({ merge: 'all' })), [{ 'a/': 5n, 'b/': 5n }, { '7': 2n }]);
});

test('by host every map carries its hosts', () => {
  const fleet = view({ merge: 'host' });
  fleet.apply(header({ host: 'a' }), mapFrame([counted('cat', 3)]));
  fleet.apply(header({ host: 'b' }), mapFrame([counted('cat', 4)]));
  assert.deepEqual(counts(fleet.maps()[0]), { 'a/cat': 3n, 'b/cat': 4n });
});

test('events come out in fleet time, whatever the order of arrival', () => {
  const fleet = view();
  const send = (host: string, sequence: number, time: bigint, n: number): void => {
    const head = header({ host, sequence, bootToUnixNs: host === 'b' ? 1000n : 0n });
    fleet.apply(head, { kind: 'events', records: [record(1, time, words(n))] });
  };
  send('a', 0, 1010n, 2);
  send('b', 0, 5n, 1);
  send('b', 1, 20n, 3);
  send('a', 1, 1030n, 4);
  assert.deepEqual(texts(fleet.release(1025n)), ['b n=1\n', 'a n=2\n', 'b n=3\n']);
  assert.deepEqual(texts(fleet.flush()), ['a n=4\n']);
});

test('a clock offset moves a host’s events', () => {
  const fleet = view();
  fleet.setClockOffset('a', -100);
  fleet.apply(header({ host: 'a' }), { kind: 'events', records: [record(1, 150n, words(1))] });
  const [item] = fleet.flush();
  assert.ok(item?.kind === 'printf');
  assert.equal(item.unixNs, 50n);
});

test('a local view gives everything out at once and names no host', () => {
  const local = new FleetView(SCHEMA, { fleet: false });
  const items = [
    ...local.apply(header(), { kind: 'events', records: [record(1, 1n, words(1))] }),
    ...local.apply(header({ sequence: 1 }), printFrame(0, 2n, counted('cat', 1))),
    ...local.apply(header({ sequence: 2 }), {
      kind: 'output',
      event: 2,
      nsecs: 3n,
      text: 'file',
    }),
  ];
  assert.deepEqual(
    items.map(({ kind }) => kind),
    ['printf', 'map', 'system'],
  );
  for (const item of items) assert.ok(!('host' in item) && !('reporting' in item));
});

test('the ring buffer’s losses are told when they grow', () => {
  const local = new FleetView(SCHEMA, { fleet: false });
  const losses = (sequence: number, ringBuffer: number): OutputItem[] =>
    local.apply(header({ sequence }), {
      kind: 'losses',
      losses: {
        ringBuffer,
        mapFull: 0,
        missedRuns: 0,
        agentQueue: 0,
        broker: 0,
        coordinator: 0,
        store: 0,
      },
    });
  const told = [...losses(0, 3), ...losses(1, 3), ...losses(2, 5)];
  assert.deepEqual(
    told.map((item) => item.kind === 'lost-events' && item.count),
    [3, 2],
  );
});

test('what does not fit the schema is counted and does no harm', () => {
  const fleet = view();
  const frames: readonly Frame[] = [
    mapFrame([{ key: bytes('short'), value: { kind: 'count', count: 1n } }]),
    mapFrame([{ key: bytes('cat', 16), value: { kind: 'sum', total: 1n } }]),
    mapFrame([], { map: '@nobody' }),
    {
      kind: 'events',
      records: [new Uint8Array(3), record(77, 1n, words(1)), record(1, 1n, new Uint8Array(2))],
    },
    printFrame(0, 1n, { key: new Uint8Array(), value: { kind: 'count', count: 1n } }),
    { kind: 'print', event: 1, ordinal: 0, nsecs: 1n, entries: [] },
    { kind: 'output', event: 0, nsecs: 1n, text: 'x' },
  ];
  frames.forEach((frame, sequence) => fleet.apply(header({ sequence }), frame));
  assert.equal(fleet.losses().broker, 9);
  assert.deepEqual(fleet.maps(), []);
});

test('names that come late still name the keys', () => {
  const schema = schemaOf({
    maps: [mapSchema({ name: '@', key: { kind: 'username' }, value: { kind: 'count' } })],
  });
  const fleet = new FleetView(schema, { fleet: true });
  const uid = { key: words(33), value: { kind: 'count', count: 1n } } as const;
  fleet.apply(header({ sequence: 1 }), mapFrame([uid]));
  assert.deepEqual(counts(fleet.maps()[0]), { '33': 1n });
  fleet.apply(header({ sequence: 0 }), {
    kind: 'names',
    names: [{ type: 'username', id: words(33), text: ['www-data'] }],
  });
  assert.deepEqual(counts(fleet.maps()[0]), { 'www-data': 1n });
});

test('a host with another schema is decoded by its own', () => {
  const wide = schemaOf({
    ...SCHEMA,
    events: SCHEMA.events.map((event) =>
      event.kind === 'printf'
        ? { ...event, arguments: [{ offset: 32, type: I64, dynamic: false }] }
        : event,
    ),
  });
  const fleet = view();
  fleet.addSchema('wide', wide);
  fleet.apply(header({ schemaHash: 'wide' }), {
    kind: 'events',
    records: [record(1, 1n, words(1, 2))],
  });
  assert.deepEqual(texts(fleet.flush()), ['web-1 n=2\n']);
});

test('the exit code is that of a host that failed', () => {
  const fleet = view();
  fleet.apply(header({ host: 'a' }), END);
  assert.equal(fleet.exitCode, 0);
  fleet.apply(header({ host: 'b' }), { kind: 'end', reason: 'exit', exitCode: 3 });
  assert.equal(fleet.exitCode, 3);
});

function texts(items: readonly OutputItem[]): unknown[] {
  return items.map((item) => item.kind === 'printf' && `${item.host} ${item.text}`);
}

test('on a terminal traced strings do not act, and what the program itself draws does', () => {
  const schema = schemaOf({
    events: [
      {
        kind: 'printf',
        format: '\u001b[1m%s\u001b[0m %d\n',
        arguments: [
          { offset: 24, type: COMM, dynamic: false },
          { offset: 40, type: I64, dynamic: false },
        ],
      },
    ],
  });
  const fields = new Uint8Array(24);
  fields.set(bytes('\u001b[2J\u001b]0;x\u0007', 16));
  const frame: Frame = { kind: 'events', records: [record(0, 1n, fields)] };
  for (const [escapeStrings, shown] of [
    [true, '\\x1b[2J\\x1b]0;x\\x07'],
    [false, '\u001b[2J\u001b]0;x\u0007'],
  ] as const) {
    const items = new FleetView(schema, { fleet: false, escapeStrings }).apply(header(), frame);
    const [item] = items;
    assert.equal(item?.kind === 'printf' && item.text, `\u001b[1m${shown}\u001b[0m 0\n`);
  }
});

/** What maps are asked in the history, against what a test wrote into them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, RawMapValue, TopAnswer } from '@bpfleet/protocol';
import { createStoreClient } from '../../src/store/client.ts';
import {
  BOOT_NS,
  count,
  hist,
  mapFrame,
  mapSchema,
  recordedStore,
  schemaOf,
  type RecordedStore,
} from '../support/recorded-store.ts';

const SECOND = 1_000_000_000n;
const at = (second: number): bigint => BigInt(second) * SECOND;
const unix = (second: number): bigint => BOOT_NS + at(second);

const SCHEMA = schemaOf([
  mapSchema('@calls'),
  mapSchema('@ns', { value: { kind: 'hist', bits: 0 } }),
  mapSchema('@pids', { hostLocal: true }),
  mapSchema('@avg', { value: { kind: 'avg', signed: true } }),
  mapSchema('@most', { key: undefined, value: { kind: 'max', signed: true } }),
  mapSchema('@text', {
    key: undefined,
    value: { kind: 'plain', type: { kind: 'string', size: 16 } },
    hostLocal: true,
  }),
]);

/** A host whose `@calls[read]` grows by `rate` each second for ten seconds, and whose hits lie in `bucket`. */
function host(rate: number, bucket: number): readonly Frame[] {
  const frames: Frame[] = [];
  for (let second = 1; second <= 10; second++) {
    const nsecs = at(second);
    const avg: RawMapValue = {
      kind: 'avg',
      total: BigInt(second * rate * 5),
      count: BigInt(second),
    };
    frames.push(
      mapFrame(
        '@calls',
        { read: count(rate * second), write: count(second > 5 ? 7 : 0) },
        0,
        nsecs,
      ),
      mapFrame(
        '@ns',
        { read: hist({ [bucket]: 100 * second, [bucket + 1]: 10 * second }) },
        0,
        nsecs,
      ),
      mapFrame('@pids', { 42: count(second) }, 0, nsecs),
      mapFrame('@avg', { k: avg }, 0, nsecs),
      mapFrame('@most', { '': { kind: 'max', value: BigInt(rate) } }, 0, nsecs),
    );
  }
  return frames;
}

/** `@calls` cleared every second: 1, 2, 3 … in each window. */
function cleared(): readonly Frame[] {
  return Array.from({ length: 10 }, (_, second) => [
    mapFrame('@calls', { read: count(second + 1) }, second, at(second) + SECOND / 2n),
    mapFrame('@ns', { read: hist({ [second]: 5 }) }, second, at(second) + SECOND / 2n),
    mapFrame('@calls', {}, second + 1, at(second + 1)),
    mapFrame('@ns', {}, second + 1, at(second + 1)),
  ]).flat();
}

describe('the maps of a session', { concurrency: false }, () => {
  let recorded: RecordedStore;
  const history = (): RecordedStore['store']['history'] => recorded.store.history;

  before(async () => {
    recorded = await recordedStore();
    const like = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name, index) => [name, host(10 + index, 5)]),
    );
    await recorded.record({ id: 'sfleet' }, SCHEMA, { ...like, odd: host(900, 9) });
    await recorded.record({ id: 'sother' }, SCHEMA, { a: host(20, 6) });
    await recorded.record({ id: 'scleared' }, SCHEMA, { a: cleared(), b: cleared() });
    await recorded.record({ id: 'snone' }, schemaOf([]), { a: [] });
  });
  after(async () => recorded[Symbol.asyncDispose]());

  function entriesOf(answer: TopAnswer): unknown {
    return answer.maps.map(({ map, measure, entries, of, sum }) => [
      map,
      measure,
      entries.map(({ host, key, value, hosts }) => [host, key, value, hosts]),
      of,
      sum,
    ]);
  }

  it('are ranked by key over all hosts', async () => {
    assert.deepEqual(entriesOf(await history().top('sfleet', { map: '@calls', limit: 1 })), [
      ['@calls', 'count', [[undefined, 'read', 9600n, 6]], 2, 9642n],
    ]);
  });

  it('are ranked by host', async () => {
    const answer = await history().top('sfleet', { map: 'calls', by: 'host', limit: 2 });
    assert.deepEqual(entriesOf(answer), [
      [
        '@calls',
        'count',
        [
          ['odd', undefined, 9007n, 1],
          ['e', undefined, 147n, 1],
        ],
        6,
        9642n,
      ],
    ]);
  });

  it('are ranked by hits, averages and extremes, each host by itself where keys are its own', async () => {
    const { maps } = await history().top('sfleet', { limit: 1 });
    assert.deepEqual(
      maps.map(({ map, measure, entries, sum }) => [
        map,
        measure,
        entries[0]?.host,
        entries[0]?.value,
        sum,
      ]),
      [
        ['@avg', 'average', undefined, 800n, undefined],
        ['@calls', 'count', undefined, 9600n, 9642n],
        ['@most', 'max', undefined, 900n, undefined],
        ['@ns', 'hits', undefined, 6600n, 6600n],
        ['@pids', 'count', 'a', 10n, 60n],
      ],
    );
  });

  it('are ranked for a range of time', async () => {
    const range = { fromNs: unix(3), toNs: unix(6) };
    const answer = await history().top('sother', { map: '@calls', ...range });
    // From what it had at the end of second 2 to what it had at the end of second 5.
    assert.deepEqual(entriesOf(answer), [
      ['@calls', 'count', [[undefined, 'read', 60n, 0]], 1, 60n],
    ]);
    assert.deepEqual(answer.range, range);
  });

  it('that were cleared are added up over their windows', async () => {
    assert.deepEqual(entriesOf(await history().top('scleared', { map: '@calls' })), [
      ['@calls', 'count', [[undefined, 'read', 110n, 2]], 1, 110n],
    ]);
    const range = { fromNs: unix(2), toNs: unix(4) };
    assert.deepEqual(entriesOf(await history().top('scleared', { map: '@calls', ...range })), [
      ['@calls', 'count', [[undefined, 'read', 14n, 0]], 1, 14n],
    ]);
  });

  it('have outliers by the shape of histograms', async () => {
    const { hosts, measure } = await history().outliers('sfleet', { map: '@ns' });
    assert.equal(measure, 'hits');
    assert.deepEqual(
      hosts.map(({ host, outlier }) => [host, outlier]),
      [['odd', true], ...['a', 'b', 'c', 'd', 'e'].map((name) => [name, false])],
    );
    assert.equal(
      hosts[0]?.reason,
      'distance 1.000 from all others, 4.0 buckets higher; median of all hosts 0.329',
    );
  });

  it('have outliers by their counts', async () => {
    const { hosts, median } = await history().outliers('sfleet', { map: '@calls', key: 'read' });
    assert.equal(median, 125);
    assert.deepEqual(hosts[0], {
      host: 'odd',
      value: 9000n,
      score: hosts[0]?.score,
      outlier: true,
      reason: 'count 9000, above the median of all hosts, 125',
    });
    assert.deepEqual(hosts.filter(({ outlier }) => outlier).length, 1);
    const { hosts: none } = await history().outliers('sfleet', { map: '@calls', threshold: 1e6 });
    assert.deepEqual(
      none.filter(({ outlier }) => outlier),
      [],
    );
  });

  it('differ between two runs', async () => {
    const { maps, notCompared } = await history().diff('sfleet', { other: 'sother' });
    const calls = maps.find(({ map }) => map === '@calls');
    assert.deepEqual(calls?.moves, [
      { key: 'read', before: 9600n, after: 200n, size: 9400n },
      { key: 'write', before: 42n, after: 7n, size: 35n },
    ]);
    const [move] = maps.find(({ map }) => map === '@ns')?.moves ?? [];
    assert.deepEqual(move?.buckets, [
      { bucket: 5, before: 5000n, after: 0n },
      { bucket: 6, before: 500n, after: 1000n },
      { bucket: 7, before: 0n, after: 100n },
      { bucket: 9, before: 1000n, after: 0n },
      { bucket: 10, before: 100n, after: 0n },
    ]);
    assert.equal(move.size, 6700n);
    assert.deepEqual(notCompared, { '@text': 'without numbers to compare' });
  });

  it('do not differ from themselves', async () => {
    const { maps } = await history().diff('sfleet', { other: 'sfleet' });
    assert.deepEqual(
      maps.flatMap(({ moves }) => moves),
      [],
    );
  });

  it('differ before and after a moment', async () => {
    const { maps, before, after } = await history().diff('sother', {
      atNs: unix(6),
      map: '@calls',
    });
    assert.deepEqual(maps[0]?.moves, [{ key: 'write', before: 0n, after: 7n, size: 7n }]);
    assert.equal(maps[0]?.unmoved, 1);
    assert.deepEqual(before.range, { fromNs: unix(1), toNs: unix(6) });
    assert.deepEqual(after.range, { fromNs: unix(6), toNs: unix(11) });
    const narrow = await history().diff('sother', { atNs: unix(6), spanNs: at(2), map: '@calls' });
    assert.deepEqual(narrow.before.range, { fromNs: unix(4), toNs: unix(6) });
  });

  it('have heat maps of what was counted in each interval', async () => {
    const { columns, range, stepNs } = await history().heatmap('sother', {
      map: '@ns',
      columns: 6,
    });
    assert.equal(stepNs, 2n * SECOND);
    assert.deepEqual(range, { fromNs: unix(0), toNs: unix(12) });
    assert.deepEqual(columns.slice(1), [
      [
        [6, 200n],
        [7, 20n],
      ],
      [
        [6, 200n],
        [7, 20n],
      ],
      [
        [6, 200n],
        [7, 20n],
      ],
      [
        [6, 200n],
        [7, 20n],
      ],
      [
        [6, 100n],
        [7, 10n],
      ],
    ]);
  });

  it('that are cleared have heat maps of their windows', async () => {
    for (const most of [2, 100]) {
      const { columns } = await history().heatmap('scleared', { map: '@ns', columns: most });
      const hits = new Map<number, bigint>();
      for (const [bucket, n] of columns.flat()) hits.set(bucket, (hits.get(bucket) ?? 0n) + n);
      assert.deepEqual(
        [...hits],
        Array.from({ length: 10 }, (_, bucket) => [bucket, 10n]),
      );
    }
  });

  it('add up in a heat map to what they have at the end, however it is cut', async () => {
    for (const most of [1, 3, 7, 50]) {
      const { columns } = await history().heatmap('sfleet', {
        map: '@ns',
        key: 'read',
        columns: most,
      });
      assert.ok(columns.length <= most);
      const hits = columns.flat().reduce((sum, [, n]) => sum + n, 0n);
      assert.equal(hits, 6600n);
    }
  });

  it('are told from coarser points where finer ones have been deleted in part', async () => {
    const hours = [1, 2, 3].map((hour) =>
      mapFrame('@calls', { read: count(hour * 100) }, 0, at(hour * 3_600)),
    );
    await recorded.record({ id: 'slong' }, SCHEMA, { a: hours });
    const range = { fromNs: unix(1_800), toNs: unix(12_000) };
    const sum = async (): Promise<bigint | undefined> =>
      (await history().top('slong', { map: '@calls', ...range })).maps[0]?.sum;
    assert.equal(await sum(), 300n);
    const client = await createStoreClient({ path: recorded.path });
    await client.command({
      query: `ALTER TABLE map_points_1s DELETE WHERE session = 'slong' AND at < toDateTime(${String(unix(9_000) / SECOND)})
        SETTINGS mutations_sync = 2`,
    });
    await client.close();
    assert.equal(await sum(), 300n);
  });

  for (const [name, ask, fault] of [
    [
      'a map that is not there',
      () => history().top('sfleet', { map: '@cals' }),
      /no map @cals: did you mean @calls\?/,
    ],
    [
      'a session without maps',
      () => history().top('snone', {}),
      /no maps that can be ranked; "bpfleet query"/,
    ],
    [
      'a map of texts',
      () => history().top('sfleet', { map: '@text' }),
      /@text holds values that are no numbers/,
    ],
    [
      'a map that holds nothing',
      () => history().outliers('scleared', { map: '@pids' }),
      /@pids holds nothing/,
    ],
    [
      'a key that is not there',
      () => history().heatmap('sfleet', { map: '@ns', key: 'raed' }),
      /@ns has no key raed: did you mean read\?/,
    ],
    [
      'a host that is not there',
      () => history().heatmap('sfleet', { map: '@ns', host: 'web' }),
      /nothing of the host web: it has a; b; c; d; e; …/,
    ],
    [
      'a time with nothing in it',
      () => history().heatmap('sfleet', { map: '@ns', fromNs: unix(500) }),
      /nothing is known of @ns in that range of time/,
    ],
    [
      'no histogram',
      () => history().heatmap('sfleet', { map: '@calls' }),
      /@calls is no histogram \(count\): a heat map needs hist\(\) or lhist\(\)/,
    ],
    [
      'the largest of a part of the time',
      () => history().top('sfleet', { map: '@most', fromNs: unix(3) }),
      /@most keeps a max, which is not known for a part of the time/,
    ],
    [
      'too few hosts',
      () => history().outliers('scleared', { map: '@ns' }),
      /@ns is of 2 hosts: 3 are needed/,
    ],
    [
      'two sessions and a moment',
      () => history().diff('sfleet', { other: 'sother', atNs: 1n }),
      /a second session, or a moment in the first, not both/,
    ],
    [
      'a moment outside',
      () => history().diff('sother', { atNs: unix(99), map: '@calls' }),
      /@calls is known from 2023-11-14T22:13:21.000Z to .*, and 2023-11-14T22:14:59.000Z is not within/,
    ],
    [
      'nothing in common',
      () => history().diff('sfleet', { other: 'snone' }),
      /have no map that can be compared: @avg is only in sfleet/,
    ],
  ] as const) {
    it(`say what is wrong with ${name}`, async () => {
      await assert.rejects(ask, (error: Error) => {
        assert.equal(error.name, 'HistoryFault');
        assert.match(error.message, fault);
        return true;
      });
    });
  }
});

/** Everything of a session in pages: each row once, in order, however small the pages are. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type {
  EventSchema,
  Frame,
  HistoryEvent,
  HistoryPoint,
  Page,
  PageOptions,
} from '@bpfleet/protocol';
import {
  BOOT_NS,
  count,
  mapFrame,
  mapSchema,
  PRINTF,
  printfRecord,
  recordedStore,
  schemaOf,
  type RecordedStore,
} from '../support/recorded-store.ts';

const PRINTF_NAMED: EventSchema = {
  ...(PRINTF as EventSchema & { kind: 'printf' }),
  names: ['size'],
  probes: ['kprobe:vfs_read'],
};
const SCHEMA = schemaOf([mapSchema('@'), mapSchema('@other')], [PRINTF_NAMED]);

/** Two lines of the same moment in each of 50 frames, and two maps with a window each. */
const FRAMES: readonly Frame[] = Array.from({ length: 50 }, (_, index): readonly Frame[] => {
  const nsecs = BigInt(index >> 1) * 1_000n;
  return [
    { kind: 'events', records: [printfRecord(nsecs, BigInt(index)), printfRecord(nsecs, -1n)] },
    mapFrame('@', { x: count(index), 'it\'s "': count(1) }, index, nsecs + 1n),
    mapFrame('@other', { y: count(index) }),
  ];
}).flat();

describe('pages of a session', { concurrency: false }, () => {
  let recorded: RecordedStore;

  before(async () => {
    recorded = await recordedStore();
    await recorded.record({ id: 'spages' }, SCHEMA, { a: FRAMES, b: FRAMES, 'b#2': FRAMES });
    await recorded.record({ id: 'sother' }, SCHEMA, { a: FRAMES });
  });
  after(async () => recorded[Symbol.asyncDispose]());

  async function all<Item>(
    read: (options: PageOptions) => Promise<Page<Item>>,
    options: PageOptions,
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let next: string | undefined;
    do {
      const page = await read({ ...options, ...(next !== undefined && { after: next }) });
      assert.ok(page.items.length <= (options.limit ?? Infinity));
      items.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    return items;
  }
  const events = async (options: PageOptions): Promise<readonly HistoryEvent[]> =>
    all((part) => recorded.store.history.events('spages', part), options);
  const points = async (options: PageOptions): Promise<readonly HistoryPoint[]> =>
    all((part) => recorded.store.history.points('spages', part), options);

  it('have every event once, in order of time, with its arguments by name', async () => {
    const whole = await events({});
    assert.equal(whole.length, 300);
    assert.deepEqual(whole[0], {
      atNs: BOOT_NS,
      host: 'a',
      pid: 10,
      tid: 11,
      kind: 'printf',
      probes: ['kprobe:vfs_read'],
      text: '0\n',
      fields: { size: 0n },
    });
    const times = whole.map(({ atNs }) => atNs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    );
    for (const limit of [7, 100, 299, 300]) assert.deepEqual(await events({ limit }), whole);
  });

  it('have the events of a host, or of a range of time', async () => {
    assert.equal((await events({ host: 'b', limit: 9 })).length, 200);
    const part = await events({ fromNs: BOOT_NS + 2_000n, toNs: BOOT_NS + 4_000n, limit: 5 });
    assert.equal(part.length, 24);
    assert.deepEqual(await events({ host: 'nobody' }), []);
  });

  it('have the last value of each key of each window once', async () => {
    const whole = await points({});
    assert.equal(whole.length, 3 * (2 * 50 + 1));
    for (const limit of [1, 13, 302, 303]) assert.deepEqual(await points({ limit }), whole);
    const other = await points({ map: '@other', limit: 2 });
    assert.deepEqual(
      other.map(({ host, key, count: last }) => [host, key, last]),
      [
        ['a', 'y', 49n],
        ['b', 'y', 49n],
        ['b', 'y', 49n],
      ],
    );
  });

  it('have no spans where there are none', async () => {
    assert.deepEqual(await recorded.store.history.spans('spages', {}), { items: [] });
  });

  it('begin with what their columns are', async () => {
    const { fields, maps } = await recorded.store.history.exportHead('spa');
    assert.deepEqual(fields, ['size']);
    assert.deepEqual(
      maps.map(({ name }) => name),
      ['@', '@other'],
    );
  });

  it('go on after the end of a page only', async () => {
    for (const end of ['', 'x', Buffer.from('["1"]').toString('base64url')]) {
      await assert.rejects(events({ after: end }), /^HistoryFault: after: not the end of a page$/);
    }
  });
});

/** What is kept of sessions beside their results: what made them, and how much there is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunRequest } from '@bpfleet/protocol';
import {
  count,
  mapFrame,
  mapSchema,
  recordedStore,
  schemaOf,
  type RecordedStore,
} from '../support/recorded-store.ts';

const SCHEMA = schemaOf([mapSchema('@')]);

const REQUEST: RunRequest = {
  program: 'BEGIN { printf("it\'s \\ %d\n", $1); }',
  sourceName: 'a.bt',
  files: { 'x.h': { kind: 'text', text: '#define X 1', worldWritable: false } },
  parameters: ['1'],
  selector: { hosts: ['a'], labels: { role: 'web' } },
  unsafe: false,
  who: 'me',
  merge: 'host',
  durationMs: 5_000,
  budget: { cpuShare: 0.01 },
};

describe('what is kept of sessions', { concurrency: false }, () => {
  let recorded: RecordedStore;

  before(async () => {
    recorded = await recordedStore();
    const frames = { a: [mapFrame('@', { k: count(1) }, 0, 1_000_000_000n)] };
    await recorded.record({ id: 'sknown' }, SCHEMA, frames, REQUEST);
    await recorded.record({ id: 'sold' }, SCHEMA, frames);
  });
  after(async () => recorded[Symbol.asyncDispose]());

  it('has what made a session', async () => {
    assert.deepEqual(await recorded.store.history.request('sk'), REQUEST);
  });

  it('says so where it is not known', async () => {
    await assert.rejects(
      recorded.store.history.request('sold'),
      /^HistoryFault: session sold was stored by a version that did not keep what was asked for/,
    );
  });

  it('tells how much each table has', async () => {
    const tables = await recorded.store.history.retention();
    const points = tables.find(({ table }) => table === 'map_points');
    assert.equal(points?.rows, 2);
    assert.ok(points.bytes > 0);
    assert.equal(points.keptSeconds, undefined);
  });

  it('has nothing of a session that was removed', async () => {
    await recorded.store.remove('sold');
    await assert.rejects(recorded.store.history.show('sold'), /no session sold/);
    const { rows } = await recorded.store.query(
      "SELECT count() FROM map_points_1h WHERE session = 'sold'",
    );
    assert.deepEqual(rows, [['0']]);
    assert.equal((await recorded.store.history.show('sknown')).maps.length, 1);
  });
});

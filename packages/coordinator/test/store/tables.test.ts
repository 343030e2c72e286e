/** Tables beside the ones that results are read from: what they hold, and that nothing of a removed session stays. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pino from 'pino';
import { createStoreClient } from '../../src/store/client.ts';
import { dropLeftViews } from '../../src/store/session-views.ts';
import { ONE_SERVER } from '../../src/store/store-form.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import {
  count,
  FRAMES,
  infoOf,
  mapFrame,
  recordOf,
  SCHEMA,
  sentBy,
  type Sent,
} from '../support/every-frame.ts';

describe('the tables of a store', { concurrency: false }, () => {
  let path: string;
  let store: Store;

  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    store = await openStore({ path }, pino({ level: 'silent' }));
  });
  after(async () => {
    await store.close();
    await rm(path, { recursive: true, force: true });
  });

  async function record(session: string, sent: readonly Sent[]): Promise<void> {
    const recorder = await store.recorder(session);
    for (const [index, { header, frame }] of sent.entries()) {
      await recorder.record({ header, frame, schema: SCHEMA, streamSequence: index + 1 });
    }
    await store.flush();
  }

  it('keeps the last value that a key had in each second, minute and hour', async () => {
    // Fleet time is 2001-09-09 01:46:40 and this.
    const at = (seconds: number): bigint => BigInt(seconds * 1e9);
    const sent = sentBy('over-time', 'a', 1, [
      mapFrame('@count', [[1n, count(1n)]], 0, [], at(0.25)),
      mapFrame('@count', [[1n, count(2n)]], 0, [], at(0.75)),
      mapFrame('@count', [[1n, count(5n)]], 0, [], at(1)),
      mapFrame('@count', [], 1, [], at(19)),
      mapFrame('@count', [[1n, count(1n)]], 1, [], at(20)),
      mapFrame('@count', [[2n, count(7n)]], 1, [1n], at(800)),
      mapFrame('@count', [[3n, count(9n)]], 1),
    ]);
    await record('over-time', sent);
    await record('over-time', sent);
    const rows = async (table: string): Promise<unknown> => {
      const result = await store.query(
        `SELECT toInt32(toUnixTimestamp(at) - 1000000000), window, key, toUInt32(count), deleted FROM ${table} FINAL
         WHERE session = 'over-time' AND map = '@count' ORDER BY at, window, key`,
      );
      return result.rows;
    };
    assert.deepEqual(await rows('map_points_1s'), [
      [0, 0, '1', 2, false],
      [1, 0, '1', 5, false],
      [19, 1, '', 0, true],
      [20, 1, '1', 1, false],
      [800, 1, '1', 0, true],
      [800, 1, '2', 7, false],
    ]);
    assert.deepEqual(await rows('map_points_1m'), [
      [-40, 0, '1', 5, false],
      [-40, 1, '', 0, true],
      [20, 1, '1', 1, false],
      [800, 1, '1', 0, true],
      [800, 1, '2', 7, false],
    ]);
    assert.deepEqual(await rows('map_points_1h'), [
      [-2_800, 0, '1', 5, false],
      [-2_800, 1, '', 0, true],
      [-2_800, 1, '1', 1, false],
      [800, 1, '1', 0, true],
      [800, 1, '2', 7, false],
    ]);
    const latest = await store.query(
      `SELECT key, toUInt32(count) FROM map_points FINAL WHERE session = 'over-time' AND window = 1 AND NOT deleted ORDER BY key`,
    );
    assert.deepEqual(latest.rows, [
      ['2', 7],
      ['3', 9],
    ]);
  });

  it('says how each host of a session fared', async () => {
    await store.putSession(recordOf(infoOf('hosts', 'meaning')), 1);
    await store.flush();
    const { rows } = await store.query(
      `SELECT host, state, kernel, arch, clock_offset_ns, clock_error_ns, run_time_ns, runs, available_ns, at
       FROM hosts FINAL WHERE session = 'hosts'`,
    );
    assert.deepEqual(rows, [
      ['a', 'ended', '6.18', 'x86_64', '-5', '8', '5', '1', '9', '2023-11-14 22:13:20.123'],
    ]);
  });

  it('keeps on record who did what, each act once', async () => {
    const act = {
      ...({ atMs: 1_700_000_000_000, who: 'me', address: '10.0.0.1' } as const),
      ...({ action: 'run', outcome: 'done' } as const),
    };
    await store.audit({ ...act, session: 's1', digest: 'd', detail: 'BEGIN { }' });
    await store.audit({ ...act, atMs: act.atMs + 1, action: 'query', outcome: 'error 62' });
    await store.flush();
    const none = { session: '', digest: '', detail: '' };
    const run = { ...act, session: 's1', digest: 'd', detail: 'BEGIN { }' };
    const query = { ...act, ...none, atMs: act.atMs + 1, action: 'query', outcome: 'error 62' };
    const { history } = store;
    assert.deepEqual(await history.audit({}), [run, query]);
    assert.deepEqual(await history.audit({ limit: 1 }), [query]);
    assert.deepEqual(await history.audit({ action: 'run', user: 'm*', session: 's' }), [run]);
    assert.deepEqual(await history.audit({ sinceMs: act.atMs + 1 }), [query]);
    assert.deepEqual(await history.audit({ untilMs: act.atMs, user: 'm?' }), [run]);
    assert.deepEqual(await history.audit({ user: 'm' }), []);
  });

  it('removes a session from every table, and nothing else', async () => {
    const gone = sentBy('gone', 'a', 1, [...FRAMES, mapFrame('@sum', [], 1, [], 5n)]);
    await record('gone', gone);
    await store.putSession(recordOf(infoOf('gone', 'meaning'), { h: SCHEMA }), 1);
    await record('stays', sentBy('stays', 'a', 1, FRAMES));
    await store.putSession(recordOf(infoOf('stays', 'meaning'), { h: SCHEMA }), 1);
    await store.flush();
    assert.equal((await store.query('SELECT * FROM session_gone')).rows.length, 2);
    await store.remove('gone');
    const tables = await store.query(
      `SELECT table, name FROM system.columns WHERE database = currentDatabase() AND name = 'session'
       AND table NOT LIKE 'session%' AND table != 'audit'`,
    );
    assert.ok(tables.rows.length > 8);
    for (const [table] of tables.rows) {
      const { rows } = await store.query(
        `SELECT count() FROM ${String(table)} WHERE session = 'gone'`,
      );
      assert.deepEqual(rows, [['0']], String(table));
    }
    await assert.rejects(store.history.show('gone'), /no session gone\b/);
    await assert.rejects(store.query('SELECT * FROM session_gone'), /clickhouse error 60/);
    assert.equal((await store.history.show('stays'))?.session.id, 'stays');
    assert.equal((await store.query('SELECT * FROM session_stays')).rows.length, 2);
  });

  it('says where the form of a result is chosen', async () => {
    await assert.rejects(
      store.query('SELECT 1 FORMAT Vertical;'),
      /clickhouse error 62: [^]*\nleave FORMAT out: "bpfleet query --format"/,
    );
    assert.deepEqual((await store.query("SELECT 'FORMAT x'")).rows, [['FORMAT x']]);
  });

  it('drops the views of sessions whose rows have gone', async () => {
    await store.putSession(recordOf(infoOf('kept', 'meaning'), { h: SCHEMA }), 1);
    await store.flush();
    const client = await createStoreClient({ path });
    try {
      await client.command({ query: 'CREATE VIEW session_gone2 AS SELECT 1' });
      await dropLeftViews(client, ONE_SERVER);
    } finally {
      await client.close();
    }
    await assert.rejects(store.query('SELECT * FROM session_gone2'), /clickhouse error 60/);
    assert.deepEqual((await store.query('SELECT * FROM session_kept')).rows, []);
  });
});

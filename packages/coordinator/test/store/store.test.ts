import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FleetView, type MapItem, type MergeMode, type OutputItem } from '@bpfleet/protocol';
import pino from 'pino';
import { openStore, type Store } from '../../src/store/store.ts';
import {
  count,
  FRAMES,
  infoOf,
  mapFrame,
  printfRecord,
  recordOf,
  SCHEMA,
  sentBy,
  type Sent,
} from '../support/every-frame.ts';

describe('the store', { concurrency: false }, () => {
  let path: string;
  let store: Store;
  const log = pino({ level: 'silent' });

  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    store = await openStore({ path }, log);
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

  /** What a live view shows of the same frames. */
  function live(
    sent: readonly Sent[],
    merge: MergeMode,
  ): { readonly output: readonly OutputItem[]; readonly maps: readonly MapItem[] } {
    const view = new FleetView(SCHEMA, { fleet: true, merge });
    view.setLiveHosts(sent.map(({ header }) => header.host));
    for (const { header, frame } of sent) view.apply(header, frame);
    return { output: view.flush(), maps: view.maps() };
  }

  async function shows(
    session: string,
    sent: readonly Sent[],
    merge: MergeMode = 'meaning',
  ): Promise<void> {
    await record(session, sent);
    await store.putSession(recordOf(infoOf(session, merge), { h: SCHEMA }), 1);
    await store.flush();
    const history = await store.history.show(session);
    const { output, maps } = live(sent, merge);
    assert.deepEqual(history?.maps.map(sorted), maps.map(sorted));
    assert.deepEqual(history?.output.map(sorted), output.map(sorted));
    assert.deepEqual(history?.session, infoOf(session, merge));
  }

  it('shows every kind of value of two hosts as the live result did', async () => {
    const sent = [...sentBy('two', 'a', 1, FRAMES), ...sentBy('two', 'b', 2, FRAMES)];
    await shows('two', sent);
  });

  it('keeps hosts apart as the live result did', async () => {
    const sent = [...sentBy('apart', 'a', 1, FRAMES), ...sentBy('apart', 'b', 1, FRAMES)];
    await shows('apart', sent, 'host');
  });

  it('adds what a second runner of a host counted', async () => {
    await shows('again', [...sentBy('again', 'a', 1, FRAMES), ...sentBy('again', 'a', 2, FRAMES)]);
  });

  it('forgets what a host has cleared, also when nothing came after', async () => {
    const cleared = [mapFrame('@count', [[1n, count(5n)]], 1), mapFrame('@sum', [], 1)];
    const sent = sentBy('cleared', 'a', 1, [...FRAMES, ...cleared]);
    await shows('cleared', sent);
  });

  it('has the newest value of a key when frames came in the wrong order', async () => {
    const sent = sentBy('order', 'a', 1, [
      mapFrame('@count', [[1n, count(1n)]]),
      mapFrame('@count', [[1n, count(2n)]]),
      mapFrame('@count', [[1n, count(3n)]]),
    ]);
    const [first, second, third] = sent;
    assert.ok(first && second && third);
    await shows('order', [first, third, second]);
  });

  it('has every row once when a stream is recorded again', async () => {
    const sent = sentBy('once', 'a', 1, FRAMES);
    await record('once', sent.slice(0, 15));
    await record('once', sent);
    await record('once', sent);
    for (const [table, rows] of [
      ['events', '2'],
      ['print_points', '1'],
      ['names', '1'],
      ['map_points FINAL', '12'],
    ]) {
      const result = await store.query(`SELECT count() FROM ${table} WHERE session = 'once'`);
      assert.deepEqual(result.rows, [[rows]], table);
    }
  });

  it('takes numbers beyond the range of its columns without harm to other rows', async () => {
    const hostile = sentBy('hostile', 'x', 1, [
      mapFrame('@count', [[1n, count(-5n)]]),
      { kind: 'events', records: [printfRecord(2n ** 64n - 1n, 1n)] },
    ]);
    const recorder = await store.recorder('hostile');
    for (const [index, { header, frame }] of hostile.entries()) {
      const shifted = { ...header, bootToUnixNs: -(2n ** 63n), epoch: 2 ** 53 - 1 };
      const sent = { header: shifted, frame, schema: SCHEMA, streamSequence: index + 1 };
      await recorder.record(sent);
    }
    await record('bystander', sentBy('bystander', 'a', 1, FRAMES));
    assert.equal(store.refusedRows('hostile'), 0);
    const { rows } = await store.query(
      `SELECT session, count() FROM events WHERE session IN ('hostile', 'bystander') GROUP BY session ORDER BY session`,
    );
    assert.deepEqual(rows, [
      ['bystander', '2'],
      ['hostile', '1'],
    ]);
  });

  it('lists sessions, the newest first and in their newest version', async () => {
    const old = { ...infoOf('old', 'meaning'), createdAtMs: 1_000 };
    await store.putSession(recordOf({ ...old, state: 'running' }), 1);
    await store.putSession(recordOf(old), 2);
    await store.flush();
    const listed = await store.history.list({ limit: 100 });
    assert.equal(listed.at(-1)?.id, 'old');
    assert.equal(listed.at(-1)?.state, 'ended');
    assert.equal((await store.history.list({ limit: 1 })).length, 1);
  });

  it('knows no session that was never stored', async () => {
    await assert.rejects(
      store.history.show('nobody'),
      /^HistoryFault: no session nobody: "bpfleet history ls" lists all$/,
    );
  });

  it('answers SQL with exact integers and quotes in place', async () => {
    const { columns, rows } = await store.query(
      `SELECT key, extreme FROM maps_merged WHERE session = 'two' AND map = '@max';`,
    );
    assert.deepEqual(columns, [
      { name: 'key', type: 'String' },
      { name: 'extreme', type: 'Int128' },
    ]);
    assert.deepEqual(rows, [['1', String(2n ** 64n - 1n)]]);
    const stacks = await store.query(
      `SELECT key, count FROM maps_merged WHERE map = '@stack' AND session = 'two'`,
    );
    assert.match(String(stacks.rows[0]?.[0]), /vfs_read\+0\s+ksys'read\\/);
  });

  it('answers every query of its documentation', async () => {
    const page = await readFile(new URL('../../../../docs/store.md', import.meta.url), 'utf8');
    const queries = /```sql\n([\s\S]*?)```/.exec(page)?.[1]?.split(';\n') ?? [];
    const given = queries.map((query) => query.trim()).filter((query) => query !== '');
    assert.ok(given.length > 0);
    for (const query of given) {
      await store.query(
        query
          .replace('session_s…', 'session_two')
          .replace("'s…'", "'two'")
          .replace("'@ns'", "'@hist'"),
      );
    }
  });

  it('gives the error of ClickHouse with its number, and works on after it', async () => {
    await assert.rejects(
      store.query('SELECT bogus FROM events'),
      /^StoreError: clickhouse error 47: /,
    );
    await assert.rejects(
      store.query('SELECT number FROM numbers(1000000)'),
      /^StoreError: clickhouse error 396: /,
    );
    assert.deepEqual((await store.query('SELECT 1 AS one')).rows, [[1]]);
  });

  it('says how much a query may read, and what to do about it', async () => {
    await assert.rejects(
      store.query('SELECT sum(number) FROM numbers(100000000000)'),
      /^StoreError: clickhouse error 158: [^]*\na query may read 2,000,000,000 rows: name a session or a time/,
    );
    await assert.rejects(
      store.query('SELECT number FROM numbers(1000000)'),
      /a result may have 100,000 rows and 50 MB: add LIMIT/,
    );
  });

  it('refuses to write for users, and goes on writing itself', async () => {
    for (const sql of [
      "INSERT INTO events (session) VALUES ('x')",
      'DROP TABLE events',
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SELECT 1 INTO OUTFILE '/tmp/never'",
      "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
      'SELECT 1 SETTINGS max_execution_time = 1000',
    ]) {
      await assert.rejects(store.query(sql), /StoreError/, sql);
    }
    await record('writes', sentBy('writes', 'a', 1, FRAMES));
    const { rows } = await store.query(`SELECT count() FROM events WHERE session = 'writes'`);
    assert.deepEqual(rows, [['2']]);
  });

  it('opens again with everything it had', async () => {
    await store.close();
    store = await openStore({ path }, log);
    assert.equal((await store.history.show('two'))?.session.id, 'two');
  });
});

/** Entries come in any order. */
function sorted(item: OutputItem): OutputItem {
  if (item.kind === 'printf') {
    // Typed arguments are for SQL.
    const { event: _event, arguments: _arguments, ...printed } = item;
    return printed;
  }
  if (item.kind !== 'map') return item;
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
  return { ...item, entries: item.entries.toSorted((a, b) => (text(a) < text(b) ? -1 : 1)) };
}

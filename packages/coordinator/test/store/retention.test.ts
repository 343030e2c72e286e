import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ClickHouseClient } from '@clickhouse/client';
import pino from 'pino';
import { createStoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import {
  applyRetention,
  parseRetention,
  RETAINED_TABLES,
  RetentionError,
  type Retention,
} from '../../src/store/retention.ts';
import { ONE_SERVER } from '../../src/store/store-form.ts';

const DAY = 86_400;

describe('what is said of retention', () => {
  it('is ages by table, and one for all others', () => {
    assert.deepEqual(parseRetention('events=30d, map_points_1s=48h'), {
      events: 30 * DAY,
      map_points_1s: 2 * DAY,
    });
    const all = parseRetention('audit=52w,2w');
    assert.deepEqual(Object.keys(all).toSorted(), RETAINED_TABLES.toSorted());
    assert.equal(all.audit, 364 * DAY);
    assert.equal(all.spans, 14 * DAY);
  });

  it('is refused with what can be written', () => {
    for (const text of ['', 'events', 'events=', 'events=0d', 'events=3', '1y', 'events=-1d']) {
      assert.throws(() => parseRetention(text), RetentionError, text);
    }
    assert.throws(() => parseRetention('evnets=3d'), /no table evnets: there are sessions, hosts/);
  });
});

describe('the retention of a store', { concurrency: false }, () => {
  let path: string;
  let client: ClickHouseClient;
  const changed: string[] = [];
  const log = pino({}, { write: (line) => void changed.push(String(JSON.parse(line).table)) });

  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    client = await createStoreClient({ path });
    await migrate(client, ONE_SERVER);
  });
  after(async () => {
    await client.close();
    await rm(path, { recursive: true, force: true });
  });

  async function retain(retention: Retention): Promise<readonly string[]> {
    changed.length = 0;
    await applyRetention(client, ONE_SERVER, retention, log);
    return changed.toSorted();
  }

  it('is applied to every table, and again only where it has changed', async () => {
    const month = parseRetention('30d');
    assert.deepEqual(await retain(month), RETAINED_TABLES.toSorted());
    assert.deepEqual(await retain(month), []);
    assert.deepEqual(await retain({ ...month, events: DAY }), ['events']);
    const { events: _events, ...rest } = month;
    assert.deepEqual(await retain(rest), ['events']);
  });

  it('removes what is too old, and nothing that has no age', async () => {
    await retain({});
    const insert = async (table: string, rows: readonly object[]): Promise<void> => {
      await client.insert({ table, values: [...rows], format: 'JSONEachRow' });
    };
    const seconds = Math.floor(Date.now() / 1_000);
    const [now, old] = [`${seconds}.0`, `${seconds - 40 * DAY}.0`];
    await insert('events', [
      { session: 'new', at: now },
      { session: 'old', at: old },
    ]);
    await insert('map_points', [
      { session: 'new', at: now },
      { session: 'old', at: old },
      { session: 'ageless' },
    ]);
    await retain(parseRetention('30d'));
    for (const [table, sessions] of [
      ['events', ['new']],
      ['map_points', ['ageless', 'new']],
      ['map_points_1s', ['new']],
      ['map_points_1m', ['new']],
      ['map_points_1h', ['new']],
    ] as const) {
      await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
      const result = await client.query({
        query: `SELECT session FROM ${table} ORDER BY session`,
        format: 'JSONCompactEachRow',
      });
      assert.deepEqual((await result.json()).flat(), sessions, table);
    }
  });
});

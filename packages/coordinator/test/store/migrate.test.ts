import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ClickHouseClient } from '@clickhouse/client';
import { createStoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { ONE_SERVER } from '../../src/store/store-form.ts';

describe('the migrations of a store', { concurrency: false }, () => {
  let path: string;
  let client: ClickHouseClient;

  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    client = await createStoreClient({ path });
  });
  after(async () => {
    await client.close();
    await rm(path, { recursive: true, force: true });
  });

  async function applied(): Promise<readonly number[]> {
    const result = await client.query({
      query: 'SELECT number FROM migrations ORDER BY number',
      format: 'JSONCompact',
    });
    return (await result.json<readonly [number]>()).data.map(([number]) => number);
  }

  it('are numbered from 1 without gaps', () => {
    assert.deepEqual(
      MIGRATIONS.map(({ number }) => number),
      MIGRATIONS.map((_, index) => index + 1),
    );
  });

  it('are applied once each, also when one was interrupted', async () => {
    // As if the process had been killed between making the table and noting it.
    const [first] = MIGRATIONS;
    assert.ok(first?.statements[0]);
    await client.command({ query: first.statements[0] });
    await migrate(client, ONE_SERVER);
    await migrate(client, ONE_SERVER);
    assert.deepEqual(
      await applied(),
      MIGRATIONS.map(({ number }) => number),
    );
  });

  it('name the one that fails and keep what is before it', async () => {
    const broken = {
      number: MIGRATIONS.length + 1,
      name: 'broken',
      statements: ['CREATE nonsense'],
    };
    await assert.rejects(
      migrate(client, ONE_SERVER, [...MIGRATIONS, broken]),
      new RegExp(`^StoreError: change ${broken.number} of its tables \\(broken\\): `),
    );
    assert.equal((await applied()).length, MIGRATIONS.length);
  });

  it('refuse a store that a newer version wrote', async () => {
    await assert.rejects(
      migrate(client, ONE_SERVER, MIGRATIONS.slice(0, 2)),
      /written by a newer version/,
    );
  });
});

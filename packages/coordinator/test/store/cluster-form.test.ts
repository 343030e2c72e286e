/** What the tables are made with, on one server and on a cluster: as the golden files say, and as the engine reads it. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { ClickHouseClient } from '@clickhouse/client';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStoreClient } from '../../src/store/client.ts';
import { clusterForm } from '../../src/store/cluster-form.ts';
import { BOOKKEEPING, statementsOf } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { ONE_SERVER, type StoreForm } from '../../src/store/store-form.ts';

/** Beside those of migrations. */
const STATEMENTS: readonly string[] = [
  "CREATE OR REPLACE VIEW session_s1 AS SELECT session FROM events WHERE session = 's1'",
  'DROP VIEW IF EXISTS session_s1',
  "ALTER TABLE events DELETE WHERE session = 's1' SETTINGS mutations_sync = 2",
  'ALTER TABLE events MODIFY TTL toDateTime(at) + toIntervalSecond(60)',
  'ALTER TABLE events REMOVE TTL',
];

function ddl(form: StoreForm): readonly string[] {
  return [
    ...form.spread(BOOKKEEPING),
    ...MIGRATIONS.flatMap((migration) => statementsOf(migration, form)),
    ...STATEMENTS.flatMap((statement) => form.spread(statement)),
    ...form.caughtUp('events'),
  ].map((statement) => statement.trim());
}

describe('the tables of a store', { concurrency: false }, () => {
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

  for (const [name, form] of [
    ['one-server', ONE_SERVER],
    ['cluster', clusterForm('fleet')],
  ] as const) {
    it(`are those of the golden file ${name}.sql`, async () => {
      const golden = new URL(`golden/${name}.sql`, import.meta.url);
      const text = `${ddl(form).join(';\n\n')};\n`;
      if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(golden, text);
      assert.equal(text, await readFile(golden, 'utf8'));
    });

    it(`are statements of ClickHouse (${name})`, async () => {
      for (const statement of ddl(form)) {
        const result = await client.query({
          query: `EXPLAIN AST ${statement}`,
          format: 'TabSeparated',
        });
        assert.match(await result.text(), /^"?(Create|Alter|Drop|SYSTEM ?)query\b/i, statement);
      }
    });
  }

  it('lie on a cluster whose name can be part of a statement', () => {
    assert.throws(() => clusterForm("it's"), /not the name of a cluster/);
    assert.throws(
      () => clusterForm('fleet').spread('OPTIMIZE TABLE events'),
      /no form on a cluster/,
    );
  });
});

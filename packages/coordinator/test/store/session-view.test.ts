/** The columns of a session's view, as the engine reads them. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { EventSchema, Schema, ValueType } from '@bpfleet/protocol';
import type { ClickHouseClient } from '@clickhouse/client';
import { createStoreClient } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { sessionViewQuery } from '../../src/store/session-view.ts';
import { ONE_SERVER } from '../../src/store/store-form.ts';

const S32: ValueType = { kind: 'integer', size: 4, signed: true };
const U64: ValueType = { kind: 'integer', size: 8, signed: false };
const BOOLEAN: ValueType = { kind: 'boolean' };
const TEXT: ValueType = { kind: 'string', size: 16 };

function printf(columns: Readonly<Record<string, ValueType>>): EventSchema {
  const fields = Object.values(columns).map((type) => ({ offset: 24, type, dynamic: false }));
  const names = Object.keys(columns);
  return { kind: 'printf', format: '', arguments: fields, names };
}

function schemaOf(...events: readonly EventSchema[]): Schema {
  return {
    maps: [],
    events,
    output: { printMapsOnExit: true, truncationTrailer: '..', maxCatBytes: 1 },
  };
}

interface Stored {
  readonly event: number;
  readonly numbers?: readonly string[];
  readonly texts?: readonly string[];
  readonly schema_hash?: string;
}

describe("a session's view", { concurrency: false }, () => {
  let path: string;
  let client: ClickHouseClient;

  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'bpfleet-store-'));
    client = await createStoreClient({ path });
    await migrate(client, ONE_SERVER);
  });
  after(async () => {
    await client.close();
    await rm(path, { recursive: true, force: true });
  });

  let sessions = 0;
  /** What the view has of these rows, in their order, without the columns of every view. */
  async function columns(
    schemas: Readonly<Record<string, Schema>>,
    rows: readonly Stored[],
  ): Promise<readonly unknown[]> {
    const session = `v${++sessions}`;
    const values = rows.map((row, at) => ({ session, at, ...row }));
    await client.insert({ table: 'events', values, format: 'JSONEachRow' });
    const query = `SELECT * EXCEPT (session, host, at, pid, tid, kind, event, text)
      FROM (${sessionViewQuery(session, schemas)}) ORDER BY at`;
    const result = await client.query({ query, format: 'JSONCompactEachRow' });
    return result.json();
  }

  it('has each argument as what it is', async () => {
    const schema = schemaOf(printf({ ret: S32, comm: TEXT, size: U64, ok: BOOLEAN }));
    const rows = [{ event: 0, numbers: ['-1', '-1', '1'], texts: ['cat'] }];
    assert.deepEqual(await columns({ a: schema }, rows), [
      ['-1', 'cat', String(2n ** 64n - 1n), true],
    ]);
  });

  it('has the columns of all events, and nothing where an event has no such argument', async () => {
    const schema = schemaOf(
      printf({ comm: TEXT, ret: S32 }),
      { kind: 'time', format: '%H' },
      printf({ ret: S32, path: TEXT }),
    );
    const rows = [
      { event: 0, numbers: ['3'], texts: ['cat'] },
      { event: 1 },
      { event: 2, numbers: ['5'], texts: ['/etc'] },
    ];
    assert.deepEqual(await columns({ a: schema }, rows), [
      ['cat', '3', null],
      [null, null, null],
      [null, '5', '/etc'],
    ]);
  });

  it('makes text of a column that is a number in one event and a text in another', async () => {
    const schema = schemaOf(printf({ x: S32 }), printf({ x: TEXT }), printf({ x: BOOLEAN }));
    const rows = [
      { event: 0, numbers: ['-7'] },
      { event: 1, texts: ['seven'] },
      { event: 2, numbers: ['1'] },
    ];
    assert.deepEqual(await columns({ a: schema }, rows), [['-7'], ['seven'], ['true']]);
  });

  it('keeps signed and unsigned numbers of one column exact', async () => {
    const schema = schemaOf(printf({ x: S32 }), printf({ x: U64 }));
    const rows = [
      { event: 0, numbers: ['-7'] },
      { event: 1, numbers: ['-1'] },
    ];
    assert.deepEqual(await columns({ a: schema }, rows), [['-7'], [String(2n ** 64n - 1n)]]);
  });

  it('reads the rows of each host by the schema of its kernel', async () => {
    const schemas = {
      a: schemaOf(printf({ x: TEXT, y: S32 })),
      "it's": schemaOf(printf({ x: S32, y: S32 })),
    };
    const rows = [
      { event: 0, schema_hash: 'a', numbers: ['2'], texts: ['one'] },
      { event: 0, schema_hash: "it's", numbers: ['1', '2'] },
    ];
    assert.deepEqual(await columns(schemas, rows), [
      ['one', '2'],
      ['1', '2'],
    ]);
  });

  it('has no columns of arguments without names, nor of names that are none', async () => {
    const schema = schemaOf(
      { kind: 'printf', format: '', arguments: [{ offset: 24, type: S32, dynamic: false }] },
      printf({ 'x` FROM sessions --': S32, at: S32, ok: S32 }),
    );
    assert.deepEqual(await columns({ a: schema }, [{ event: 1, numbers: ['1', '2', '3'] }]), [
      ['3'],
    ]);
    assert.equal(sessionViewQuery("s'", { a: schema }), undefined);
  });

  it('takes no more columns than a table should have', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`x${i}`, S32]));
    const numbers = Array.from({ length: 1_500 }, (_, i) => String(i));
    const [row] = await columns({ a: schemaOf(printf(many)) }, [{ event: 0, numbers }]);
    assert.equal((row as readonly unknown[]).length, 1_000);
  });
});

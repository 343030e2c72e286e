import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClickHouseClient } from '@clickhouse/client';
import pino from 'pino';
import { BatchWriter, type RowGroup } from '../../src/store/batch-writer.ts';

const TABLE = { name: 'events', columns: ['text'] };

interface Insert {
  readonly values: readonly unknown[];
  readonly token: unknown;
}

/** Fails for as long as `faultOf` gives an error. */
function fakeClient(faultOf: (insert: Insert, attempt: number) => Error | undefined): {
  readonly client: ClickHouseClient;
  readonly stored: Insert[];
  readonly attempts: Insert[];
} {
  const stored: Insert[] = [];
  const attempts: Insert[] = [];
  const insert = async (params: {
    readonly values: readonly unknown[];
    readonly clickhouse_settings: { readonly insert_deduplication_token: unknown };
  }): Promise<void> => {
    const token = params.clickhouse_settings.insert_deduplication_token;
    const made = { values: params.values, token };
    attempts.push(made);
    const fault = faultOf(made, attempts.length);
    if (fault !== undefined) throw fault;
    stored.push(made);
  };
  return { client: { insert } as unknown as ClickHouseClient, stored, attempts };
}

function writerOf(client: ClickHouseClient, refused: string[] = []): BatchWriter {
  return new BatchWriter(client, pino({ level: 'silent' }), (session, rows) =>
    refused.push(`${session} ${rows}`),
  );
}

const group = (streamSequence: number, ...texts: readonly string[]): RowGroup => ({
  session: 's',
  streamSequence,
  rows: texts.map((text) => [text]),
});

const broken = (): Error => new Error('socket hang up');
const refusal = (): Error => Object.assign(new Error('cannot parse'), { code: '27' });

describe('the batch writer', () => {
  it('writes what came together in one insert and in order', async () => {
    const { client, stored } = fakeClient(() => undefined);
    const writer = writerOf(client);
    await writer.add(TABLE, group(1, 'a', 'b'));
    await writer.add(TABLE, group(2, 'c'));
    await writer.flush();
    assert.deepEqual(stored, [{ values: [['a'], ['b'], ['c']], token: 's-1-s-2' }]);
  });

  it('sends a batch again under the same token when the connection breaks', async () => {
    const { client, stored, attempts } = fakeClient((_, attempt) =>
      attempt < 3 ? broken() : undefined,
    );
    const writer = writerOf(client);
    await writer.add(TABLE, group(1, 'a'));
    await writer.flush();
    assert.equal(stored.length, 1);
    assert.deepEqual(
      attempts.map(({ token }) => token),
      ['s-1-s-1', 's-1-s-1', 's-1-s-1'],
    );
  });

  it('waits until it is known which sessions are its own, and writes those only', async () => {
    const { client, stored } = fakeClient(() => undefined);
    const writer = writerOf(client);
    let holds = false;
    let give: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (give = resolve));
    writer.obey({
      holds: () => holds,
      held: async () => held,
      owns: (session) => session === 's',
    });
    await writer.add(TABLE, group(1, 'a'));
    await writer.add(TABLE, { ...group(2, 'b'), session: 'lost' });
    const flushed = writer.flush();
    await writer.tryFlush();
    assert.deepEqual(stored, []);
    assert.match(writer.stuckWith ?? '', /cannot tell which sessions are its own/);
    holds = true;
    give();
    await flushed;
    assert.deepEqual(stored, [{ values: [['a']], token: 's-1-s-1' }]);
    assert.equal(writer.stuckWith, undefined);
  });

  it('lets nobody wait while the store takes nothing, and keeps what it was given', async () => {
    let isAway = true;
    const { client, stored } = fakeClient(() => (isAway ? broken() : undefined));
    const writer = writerOf(client);
    await writer.add(TABLE, group(1, ...Array.from({ length: 10_000 }, String)));
    await writer.add(TABLE, group(2, ...Array.from({ length: 10_000 }, String)));
    assert.equal(writer.stuckWith, 'socket hang up');
    await writer.tryFlush();
    assert.equal(stored.length, 0);
    isAway = false;
    await writer.flowing();
    await writer.flush();
    assert.equal(writer.stuckWith, undefined);
    assert.deepEqual(
      stored.map(({ token }) => token),
      ['s-1-s-1', 's-2-s-2'],
    );
  });

  it('takes a connection that is refused for no fault of the rows', async () => {
    const { client, stored } = fakeClient((_, attempt) =>
      attempt < 3 ? Object.assign(new Error(''), { code: 'ECONNREFUSED' }) : undefined,
    );
    const refused: string[] = [];
    const writer = writerOf(client, refused);
    await writer.add(TABLE, group(1, 'a'));
    await writer.add(TABLE, group(2, 'b'));
    await writer.flush();
    assert.equal(stored.length, 1);
    assert.deepEqual(refused, []);
  });

  it('gives up only the frame that is refused, and says so', async () => {
    const { client, stored } = fakeClient(({ values }) =>
      values.some((row) => Array.isArray(row) && row[0] === 'bad') ? refusal() : undefined,
    );
    const refused: string[] = [];
    const writer = writerOf(client, refused);
    await writer.add(TABLE, group(1, 'a'));
    await writer.add(TABLE, group(2, 'bad', 'too'));
    await writer.add(TABLE, group(3, 'c'));
    await writer.flush();
    assert.deepEqual(
      stored.map(({ values }) => values),
      [[['a']], [['c']]],
    );
    assert.deepEqual(refused, ['s 2']);
  });

  it('writes only the newest of several values of a key', async () => {
    const { client, stored } = fakeClient(() => undefined);
    const writer = writerOf(client);
    const valued = (sequence: number, text: string): RowGroup => ({
      ...group(sequence, text),
      latest: { version: sequence, keys: ['k'] },
    });
    await writer.add(TABLE, valued(1, 'first'));
    await writer.add(TABLE, valued(3, 'third'));
    await writer.add(TABLE, valued(2, 'second'));
    await writer.flush();
    assert.deepEqual(stored[0]?.values, [['third']]);
  });
});

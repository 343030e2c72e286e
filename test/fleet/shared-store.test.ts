/** Two coordinators with one ClickHouse: whoever owns a session writes it, and each row is there once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ClickHouseServer } from '../support/clickhouse-server.ts';
import { CoordinatorChild } from '../support/coordinator-child.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, countsOf, printfFrame } from '../support/schemas.ts';

describe('two coordinators with one store', { concurrency: false, timeout: 120_000 }, () => {
  let nats: NatsServer;
  let clickhouse: ClickHouseServer;
  let left: CoordinatorChild;
  let right: CoordinatorChild;
  let agent: FakeAgent;
  let sent = 0;

  before(async () => {
    nats = await startNatsServer();
    clickhouse = await ClickHouseServer.start();
    left = await CoordinatorChild.start(nats.url, clickhouse.url);
    right = await CoordinatorChild.start(nats.url, clickhouse.url);
    agent = await FakeAgent.start({ url: nats.url, host: 'one', schema: COUNT_SCHEMA });
    await left.api.untilHosts(1);
    await right.api.untilHosts(1);
  });
  after(async () => {
    await agent.kill();
    await left.kill();
    await right.kill();
    clickhouse.close();
    await nats.close();
  });

  async function running(): Promise<string> {
    const { id } = await left.api.start({ program: 'BEGIN { @ = count(); }' });
    await agent.asked(id, 'run');
    sent = 0;
    return id;
  }

  async function send(id: string, times: number): Promise<void> {
    for (const end = sent + times; sent < end;) {
      sent += 1;
      await agent.send(id, countFrame({ a: sent }));
      await agent.send(id, printfFrame([{ n: sent, nsecs: BigInt(Date.now()) * 1_000_000n }]));
    }
  }

  async function untilOwner(
    id: string,
    holds: (owner: string | undefined) => boolean,
  ): Promise<void> {
    while (!holds((await right.api.session(id)).coordinator)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function assertStored(id: string): Promise<void> {
    const rows = clickhouse.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame) FROM events WHERE session = '${id}'`,
    );
    assert.deepEqual(rows, [`${sent}\t${sent}`]);
    for (const { api } of [left, right]) {
      const { session, maps } = await api.history(id);
      assert.equal(session.state, 'ended');
      assert.deepEqual(countsOf(maps), { a: BigInt(sent) });
    }
  }

  it('rows that an owner had not written yet when it was stopped are written by the next one only', async () => {
    const id = await running();
    const owner = (await right.api.session(id)).coordinator;
    await send(id, 20);
    left.pause();
    await untilOwner(id, (now) => now !== owner);
    await send(id, 20);
    left.resume();
    const taken = (await right.api.session(id)).coordinator;
    while ((await left.api.session(id)).coordinator !== taken) await send(id, 1);
    await right.api.stop(id);
    await left.api.query('SELECT 1');
    await assertStored(id);
  });

  it('rows of an owner that was killed are not written twice', async () => {
    const id = await running();
    await send(id, 20);
    await left.kill();
    await send(id, 20);
    await right.api.stop(id);
    await left.start();
    await assertStored(id);
  });
});

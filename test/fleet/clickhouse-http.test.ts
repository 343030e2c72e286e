/** ClickHouse is a server behind its HTTP interface: who may use it, and that each way it can fail costs no row and doubles none. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ClickHouseServer, type InsertFault } from '../support/clickhouse-server.ts';
import { FakeAgent } from '../support/fake-agent.ts';
import { startNatsServer, type NatsServer } from '../support/nats-server.ts';
import { COUNT_SCHEMA, countFrame, printfFrame } from '../support/schemas.ts';
import { startTestCoordinator, type TestCoordinator } from '../support/test-coordinator.ts';

const PROGRAM = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';
const PASSWORD = "it's @secret:/";
const FAULTS: readonly InsertFault[] = [
  'dies-while-reading',
  'dies-before-answering',
  'never-answers',
  'refuses',
];
const ROUNDS = 10;
const LINES = 200;
const BOOT_NS = 1_700_000_000_000_000_000n;

describe('a ClickHouse server with a password', { concurrency: false, timeout: 120_000 }, () => {
  let nats: NatsServer;
  let clickhouse: ClickHouseServer;
  let coordinator: TestCoordinator;
  let agent: FakeAgent;

  const address = (password: string, settings = ''): string =>
    `${clickhouse.url.replace('//', `//tracer:${encodeURIComponent(password)}@`)}/default${settings}`;

  before(async () => {
    nats = await startNatsServer();
    clickhouse = await ClickHouseServer.start({ user: 'tracer', password: PASSWORD });
    // So short that a test can wait for it, and long enough for a busy machine.
    const url = address(PASSWORD, '?request_timeout=5000');
    coordinator = await startTestCoordinator(nats.url, { url });
    agent = await FakeAgent.start({ url: nats.url, host: 'web-1', schema: COUNT_SCHEMA });
    await coordinator.api.untilHosts(1);
  });
  after(async () => {
    await agent.kill();
    await coordinator[Symbol.asyncDispose]();
    clickhouse.close();
    await nats.close();
  });

  it('is not used without it, and the password is in no message', async () => {
    await assert.rejects(startTestCoordinator(nats.url, { url: address('wrong') }), (error) => {
      assert.match(
        String(error),
        /^StoreError: open store http:\/\/127\.0\.0\.1:\d+: Authentication failed/,
      );
      assert.doesNotMatch(String(error), /wrong/);
      return true;
    });
  });

  for (const fault of FAULTS) {
    it(`has every row once when it ${fault.replaceAll('-', ' ')} at an insert`, async () => {
      const { id } = await coordinator.api.start({ program: PROGRAM });
      await agent.asked(id, 'run');
      clickhouse.failAtNextInsert(fault);
      for (let round = 0; round < ROUNDS; round++) {
        const nsecs = BigInt(round) * 1_000_000_000n + 500_000_000n;
        const lines = Array.from({ length: LINES }, (_, n) => ({ n, nsecs }));
        await agent.send(id, printfFrame(lines), { bootToUnixNs: BOOT_NS });
        const counts = countFrame({ cat: round + 1 }, 0, nsecs);
        await agent.send(id, counts, { bootToUnixNs: BOOT_NS });
      }
      await until(() => clickhouse.hasFailed);
      if (!clickhouse.isUp) await clickhouse.start();
      await agent.end(id, 'exit');
      await until(async () => (await coordinator.api.history(id)).session.state === 'ended');
      const session = `session = '${id}'`;
      assert.deepEqual(
        clickhouse.query(
          `SELECT count(), uniqExact(sequence, index_in_frame) FROM events WHERE ${session}`,
        ),
        [`${ROUNDS * LINES}\t${ROUNDS * LINES}`],
      );
      assert.deepEqual(clickhouse.query(`SELECT count() FROM session_${id}`), [
        String(ROUNDS * LINES),
      ]);
      const seconds = clickhouse.query(
        `SELECT count FROM map_points_1s FINAL WHERE ${session} ORDER BY at`,
      );
      assert.deepEqual(
        seconds,
        Array.from({ length: ROUNDS }, (_, round) => String(round + 1)),
      );
      assert.deepEqual(clickhouse.query(`SELECT count FROM map_points FINAL WHERE ${session}`), [
        String(ROUNDS),
      ]);
    });
  }

  it('has on record who ran and stopped what, also what was refused', async () => {
    const { id } = await coordinator.api.start({ program: PROGRAM, who: 'ann' });
    await agent.asked(id, 'run');
    await coordinator.api.request('POST', `/v1/sessions/${id}/stop?who=bob`);
    await coordinator.api.run({ program: 'nonsense', who: 'eve' });
    const { rows } = await coordinator.api.query(
      `SELECT who, action, session, digest != '', outcome LIKE '%ERROR%' ? 'refused' : outcome
       FROM audit WHERE session = '${id}' OR who = 'eve' ORDER BY at, who`,
    );
    assert.deepEqual(rows, [
      ['ann', 'run', id, 1, 'done'],
      ['bob', 'stop', id, 1, 'done'],
      ['eve', 'run', '', 1, 'refused'],
    ]);
  });

  it('is sent what it takes, and answers, compressed', async () => {
    const { rows } = await coordinator.api.query('SELECT count() > 0 FROM events');
    assert.deepEqual(rows, [[1]]);
    assert.ok(clickhouse.compressed.requests > 0);
    assert.ok(clickhouse.compressed.answers > 0);
  });

  it('says itself what it does not let users do', async () => {
    await assert.rejects(
      coordinator.api.query('SELECT 1 FROM nothing'),
      /clickhouse error 60: .*nothing/,
    );
  });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

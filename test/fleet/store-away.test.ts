/** ClickHouse is a server that dies and comes back: live results go on, and each row arrives once. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { ClickHouseServer } from '../support/clickhouse-server.ts';
import { notRoot } from '../support/needs-kernel.ts';
import {
  LOAD_NAME,
  startThreeLoads,
  type SyscallLoad,
  type ThreeLoads,
} from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 2_000;
const HOSTS = 2;
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid
  /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2 || pid == $3)/
  { @ = count(); printf("call\\n"); }`;

describe('a store that is away', { skip: notRoot(), timeout: 240_000 }, () => {
  const waiting: SyscallLoad[] = [];
  let clickhouse: ClickHouseServer;
  let fleet: TestFleet;

  before(async () => {
    clickhouse = await ClickHouseServer.start();
    fleet = await TestFleet.start({ one: {}, two: {} }, { clickhouse: clickhouse.url });
  });
  after(async () => {
    await fleet.close();
    clickhouse.close();
  });
  afterEach(() => {
    for (const load of waiting.splice(0)) load[Symbol.dispose]();
  });

  it('does not hold up live results, and gets every row once when it is back', async () => {
    const { id, loads } = await session();
    await loads[0].run();
    clickhouse.killDuringInsert();
    await loads[1].run();
    await fleet.until('ClickHouse is dead', async () => Promise.resolve(!clickhouse.isUp));
    await loads[2].run();
    await untilLive(id, 3);
    await untilWaiting(id);
    await clickhouse.start();
    const out = await fleet.output('stop', id);
    assert.match(out, new RegExp(`^@: ${3 * HOSTS * CALLS}$`, 'm'));
    assert.match(out, /^hosts 2\/2 · lost: .*, broker 0, coordinator 0, store 0$/m);
    assert.doesNotMatch(out, /not yet stored/);
    await assertStored(id, 3);
  });

  it('does not hold up the end of a session, which says what is not stored yet', async () => {
    const { id, loads } = await session();
    await loads[0].run();
    clickhouse.kill();
    await loads[1].run();
    await untilWaiting(id);
    const out = await fleet.output('stop', id);
    assert.match(out, new RegExp(`^@: ${2 * HOSTS * CALLS}$`, 'm'));
    assert.match(out, /^not yet stored: \d+ frames, kept in JetStream: .*ECONNREFUSED/m);
    const { err, exitCode } = await fleet.bpfleet('history', 'show', id);
    assert.notEqual(exitCode, 0);
    assert.match(err, /the store does not answer: .*ECONNREFUSED/);
    await clickhouse.start();
    await assertStored(id, 2);
  });

  it('loses nothing when the coordinator is killed meanwhile', async () => {
    const { id, loads } = await session();
    await loads[0].run();
    clickhouse.kill();
    await loads[1].run();
    await untilWaiting(id);
    await fleet.killCoordinator();
    await clickhouse.start();
    await fleet.startCoordinator();
    await loads[2].run();
    const out = await fleet.output('stop', id);
    assert.match(out, new RegExp(`^@: ${3 * HOSTS * CALLS}$`, 'm'));
    await assertStored(id, 3);
  });

  async function session(): Promise<{
    readonly id: string;
    readonly loads: ThreeLoads;
  }> {
    const loads = await startThreeLoads(CALLS);
    waiting.push(...loads);
    const pids = loads.map(({ pid }) => String(pid));
    return { id: await fleet.detached(['-e', PROGRAM, ...pids]), loads };
  }

  async function untilLive(id: string, loads: number): Promise<void> {
    for await (const item of fleet.api.stream(id)) {
      if (item.kind !== 'live') continue;
      const [entry] = item.maps.flatMap((map) => (map.kind === 'map' ? map.entries : []));
      if (entry?.value.kind !== 'count') continue;
      if (entry.value.count === BigInt(loads * HOSTS * CALLS)) return;
    }
  }

  async function untilWaiting(id: string): Promise<void> {
    await fleet.until('frames wait for the store', async () => {
      const { unstored } = (await fleet.api.session(id)).coverage;
      return unstored?.reason !== undefined && unstored.frames > 0;
    });
  }

  async function assertStored(id: string, loads: number): Promise<void> {
    const expected = String(loads * HOSTS * CALLS);
    const stored = (): readonly string[] =>
      clickhouse.query(
        `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame)
         FROM events WHERE session = '${id}' AND kind = 'printf'`,
      );
    await fleet.until('the result is stored', async () => {
      const { session, maps } = await fleet.api.history(id);
      return session.state === 'ended' && maps.length > 0;
    });
    assert.deepEqual(stored(), [`${expected}\t${expected}`]);
    assert.match(await fleet.output('history', 'show', id), new RegExp(`^@: ${expected}$`, 'm'));
  }
});

/** SIGSTOP: processes that are still there and do nothing, for longer than the lease. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { bpfIdsOf, untilUnloaded } from '../support/bpf-programs.ts';
import { notRoot } from '../support/needs-kernel.ts';
import {
  LOAD_NAME,
  startThreeLoads,
  type SyscallLoad,
  type ThreeLoads,
} from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 500;
const HOSTS = { steady: {}, other: {}, leased: { lease: '4s' } };
/** Longer than the coordinator waits for a silent host. */
const SILENCE_MS = 6_000;
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid
  /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2 || pid == $3)/
  { @ = count(); printf("call\\n"); }`;

describe('processes that are stopped', { skip: notRoot(), timeout: 240_000 }, () => {
  const waiting: SyscallLoad[] = [];
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start(HOSTS);
  });
  after(async () => fleet.close());
  afterEach(() => {
    for (const load of waiting.splice(0)) load[Symbol.dispose]();
  });

  it('a runner, shortly: the kernel goes on counting, and nothing is missing', async () => {
    const { id, loads } = await session();
    const runner = runnerOf('steady');
    process.kill(runner, 'SIGSTOP');
    await loads[0].run();
    process.kill(runner, 'SIGCONT');
    await loads[1].run();
    const out = await stopped(id, 6);
    assert.match(out, /^hosts 3\/3 · lost: ring buffer 0, /m);
  });

  it('a runner, for long: its agent kills it, and says so', async () => {
    const { id, loads } = await session();
    await loads[0].run();
    await untilStored(id, 3);
    const runner = runnerOf('leased');
    const held = bpfIdsOf(runner);
    process.kill(runner, 'SIGSTOP');
    await untilUnloaded(held);
    await fleet.untilHosts(id, 'lost', 1);
    await loads[1].run();
    const out = await stopped(id, 5);
    assert.match(out, /^hosts 2\/3 /m);
    assert.match(
      out,
      /^missing: leased: lost: its runner died \(stopped for \d s, then killed\); its probes are gone with it$/m,
    );
  });

  it('an agent: its runner detaches after the lease, and comes back with it', async () => {
    const { id, loads } = await session();
    await loads[0].run();
    const held = bpfIdsOf(runnerOf('leased'));
    fleet.agent('leased').signal('SIGSTOP');
    await untilUnloaded(held);
    await fleet.untilHosts(id, 'ended', 1);
    await loads[1].run();
    fleet.agent('leased').signal('SIGCONT');
    await untilBack(id);
    await loads[2].run();
    const out = await stopped(id, 3 + 2 + 3);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, /^interrupted: leased: detached: its agent does not answer$/m);
  });

  it('an agent and its runner: what the kernel counted meanwhile is not lost', async () => {
    const { id, loads } = await session();
    const runner = runnerOf('leased');
    const held = bpfIdsOf(runner);
    fleet.agent('leased').signal('SIGSTOP');
    process.kill(runner, 'SIGSTOP');
    await fleet.untilHosts(id, 'lost', 1);
    await loads[0].run();
    process.kill(runner, 'SIGCONT');
    fleet.agent('leased').signal('SIGCONT');
    await untilUnloaded(held);
    await untilBack(id);
    await loads[1].run();
    const out = await stopped(id, 6);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, /^interrupted: leased: detached: no contact with the coordinator$/m);
  });

  it('a coordinator: hosts whose lease is over detach, the others go on', async () => {
    const { id, loads } = await session();
    await loads[0].run();
    const held = bpfIdsOf(runnerOf('leased'));
    fleet.coordinator.signal('SIGSTOP');
    await untilUnloaded(held);
    await loads[1].run();
    fleet.coordinator.signal('SIGCONT');
    await untilBack(id);
    await loads[2].run();
    const out = await stopped(id, 3 + 2 + 3);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, /^interrupted: leased: detached: no contact with the coordinator$/m);
  });

  it('nats-server: no host that only could not be heard is given up', async () => {
    const { id, loads } = await session();
    const held = bpfIdsOf(runnerOf('leased'));
    process.kill(fleet.nats.pid, 'SIGSTOP');
    await loads[0].run();
    await untilUnloaded(held);
    await loads[1].run();
    await fleet.until('nobody has been heard for long', async () =>
      (await fleet.api.hosts()).every(({ lastSeenMs }) => Date.now() - lastSeenMs > SILENCE_MS),
    );
    const { coverage } = await fleet.api.session(id);
    assert.deepEqual(
      coverage.hosts.map(({ state }) => state),
      ['attached', 'attached', 'attached'],
    );
    process.kill(fleet.nats.pid, 'SIGCONT');
    await untilBack(id);
    await loads[2].run();
    const out = await stopped(id, 3 + 2 + 3);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, /^interrupted: leased: detached: no contact with the coordinator$/m);
    assert.doesNotMatch(out, /^interrupted: (steady|other)/m);
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

  function runnerOf(host: string): number {
    const [runner, ...others] = fleet.runners(host);
    assert.ok(runner !== undefined && others.length === 0);
    return runner;
  }

  /** The end of the session, whose hosts counted so many loads: shown, stored, and each line of them stored once. */
  async function stopped(id: string, loads: number): Promise<string> {
    const out = await fleet.output('stop', id);
    assert.match(out, new RegExp(`^@: ${loads * CALLS}$`, 'm'));
    const history = await fleet.output('history', 'show', id);
    assert.match(history, new RegExp(`^@: ${loads * CALLS}$`, 'm'));
    const { rows } = await fleet.api.query(
      `SELECT count(), uniqExact(host, epoch, sequence, index_in_frame)
       FROM events WHERE session = '${id}' AND kind = 'printf'`,
    );
    assert.deepEqual(rows, [[String(loads * CALLS), String(loads * CALLS)]]);
    return out;
  }

  /** The host's new runner has attached its probes. */
  async function untilBack(id: string): Promise<void> {
    await fleet.until('the leased host is back', async () => {
      const { coverage } = await fleet.api.session(id);
      return coverage.hosts.some(
        ({ state, interrupted }) => state === 'attached' && interrupted !== undefined,
      );
    });
  }

  async function untilStored(id: string, loads: number): Promise<void> {
    const sql = `SELECT sum(count) FROM maps_merged WHERE session = '${id}'`;
    await fleet.until(`${loads} loads are stored`, async () => {
      return (await fleet.api.query(sql)).rows[0]?.[0] === String(loads * CALLS);
    });
  }
});

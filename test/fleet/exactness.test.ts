import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad, type SyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS } from '../support/test-fleet.ts';

const HOSTS = Object.keys(THREE_HOSTS).length;
const LINES = 20_000;
/** Only the processes of this test: others may run the same load at the same time. */
const PROBE = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2 || pid == $3)/`;
const COUNT = `${PROBE} { @ = count(); @by[comm] = count(); @n = sum(1); }`;
const PRINT = `${PROBE} { @ = count(); printf("call of %s\\n", comm); }`;

const NO_LOSSES =
  /^hosts 3\/3 · lost: ring buffer 0, map full 0, missed runs 0, agent queue 0, broker 0, coordinator 0, store 0$/m;

describe('exactness on three hosts', { skip: notRoot(), timeout: 240_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start();
  });
  after(async () => fleet.close());

  for (const calls of [1, 1000, 1_000_000]) {
    it(`counts ${calls} calls exactly on each host, and stores the same`, async () => {
      const load = await startSyscallLoad(calls);
      const { id, command } = await fleet.run(['-e', COUNT, String(load.pid)]);
      await load.run();
      const { out, err, exitCode } = await command.kill('SIGINT');
      assert.equal(exitCode, 0, err);
      assert.match(out, NO_LOSSES);
      assert.ok(out.endsWith(mapsOf(HOSTS * calls)), out);
      await assertStoredCounts(id, HOSTS * calls);
    });
  }

  it('stores every printed line once or counts it as lost', async () => {
    const { id, shown } = await printLines(PRINT);
    const { stored } = await assertEvents(id, HOSTS * LINES);
    assert.equal(shown, stored);
  });

  it('counts the lines that do not fit into a ring buffer that is too small', async () => {
    const { id, shown } = await printLines(`config = { perf_rb_pages = 1 } ${PRINT}`);
    const { stored, lost } = await assertEvents(id, HOSTS * LINES);
    assert.equal(shown, stored);
    assert.ok(lost > 0);
  });

  it('counts a million calls while the coordinator is killed and started again', async () => {
    const calls = 1_000_000;
    const load = await startSyscallLoad(calls);
    const { id, command } = await fleet.run(['-e', COUNT, String(load.pid)]);
    const counting = load.run();
    await fleet.killCoordinator();
    await command.printed(/^the coordinator is away .*; waiting for it$/m);
    await Promise.all([counting, fleet.startCoordinator()]);
    await command.printed(/^the coordinator is back; /m);
    const { out, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0);
    assert.match(out, NO_LOSSES);
    assert.ok(out.endsWith(mapsOf(HOSTS * calls)), out);
    await assertStoredCounts(id, HOSTS * calls);
  });

  it('goes on counting while the coordinator is killed and started again', async () => {
    const calls = 3000;
    const [before, during, after] = await threeLoads(calls);
    const id = await fleet.detached(printing(before, during, after));
    await before.run();
    const more = during.run();
    await fleet.killCoordinator();
    await Promise.all([more, fleet.startCoordinator()]);
    await after.run();
    const out = await fleet.output('stop', id);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, new RegExp(`^@: ${HOSTS * 3 * calls}$`, 'm'));
    await assertEvents(id, HOSTS * 3 * calls);
  });

  it('goes on counting while nats-server is killed and started again', async () => {
    const calls = 3000;
    const [before, during, after] = await threeLoads(calls);
    const id = await fleet.detached(printing(before, during, after));
    await before.run();
    const more = during.run();
    await fleet.nats.stop();
    await more;
    await after.run();
    await fleet.nats.start();
    const out = await fleet.output('stop', id);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, new RegExp(`^@: ${HOSTS * 3 * calls}$`, 'm'));
    await assertEvents(id, HOSTS * 3 * calls);
  });

  async function assertStoredCounts(id: string, count: number): Promise<void> {
    const rows = await fleet.json(
      'query',
      `SELECT map, key, count, total, hosts FROM maps_merged WHERE session = '${id}' ORDER BY map`,
    );
    const expected = String(count);
    assert.deepEqual(rows, [
      { map: '@', key: '', count: expected, total: '0', hosts: String(HOSTS) },
      { map: '@by', key: LOAD_NAME, count: expected, total: '0', hosts: String(HOSTS) },
      { map: '@n', key: '', count: '0', total: expected, hosts: String(HOSTS) },
    ]);
    const shown = await fleet.json('history', 'show', id);
    assert.deepEqual(shown.slice(0, -1), [
      { type: 'map', data: { '@': count }, reporting: [3, 3] },
      { type: 'map', data: { '@by': { [LOAD_NAME]: count } }, reporting: [3, 3] },
      { type: 'map', data: { '@n': count }, reporting: [3, 3] },
    ]);
  }

  /** Each call's line is stored exactly once or counted as lost at a hop that counts events. */
  async function assertEvents(
    id: string,
    expected: number,
  ): Promise<{ readonly stored: number; readonly lost: number }> {
    const { coverage } = (await fleet.api.history(id)).session;
    const { ringBuffer, missedRuns, agentQueue, broker, store } = coverage.losses;
    assert.deepEqual({ missedRuns, broker, store }, { missedRuns: 0, broker: 0, store: 0 });
    const [row] = await fleet.json(
      'query',
      `SELECT count() AS events, uniqExact(host, epoch, sequence, index_in_frame) AS places
       FROM events WHERE session = '${id}' AND kind = 'printf'`,
    );
    const stored = Number(row?.['events']);
    const lost = ringBuffer + agentQueue;
    assert.equal(Number(row?.['places']), stored);
    assert.equal(stored + lost, expected);
    return { stored, lost };
  }

  /** Traces a load that is printed call by call; how many lines the terminal showed. */
  async function printLines(
    program: string,
  ): Promise<{ readonly id: string; readonly shown: number }> {
    const load = await startSyscallLoad(LINES);
    const { id, command } = await fleet.run(['-e', program, String(load.pid)]);
    await load.run();
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0, err);
    assert.match(out, new RegExp(`^@: ${HOSTS * LINES}$`, 'm'));
    return { id, shown: out.match(new RegExp(`call of ${LOAD_NAME}$`, 'gm'))?.length ?? 0 };
  }
});

/** The maps at the end of what the CLI prints. */
function mapsOf(count: number): string {
  return `\n\n@: ${count}\n@by[${LOAD_NAME}]: ${count}\n@n: ${count}\n`;
}

async function threeLoads(
  calls: number,
): Promise<readonly [SyscallLoad, SyscallLoad, SyscallLoad]> {
  return Promise.all([
    startSyscallLoad(calls),
    startSyscallLoad(calls),
    startSyscallLoad(calls),
  ] as const);
}

function printing(...loads: readonly SyscallLoad[]): readonly string[] {
  return ['-e', PRINT, ...loads.map(({ pid }) => String(pid))];
}

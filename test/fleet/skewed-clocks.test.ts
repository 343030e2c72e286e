/** Hosts whose clocks are wrong by minutes, or are set while a session runs: what they trace lands where it belongs. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { measureClockOffset, openKernel } from '@bpfleet/bpf';
import { notRoot } from '../support/needs-kernel.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 50;
const SECONDS = { right: 0, slow: -300, fast: 200, set: 0 } as const;
const HOSTS = Object.keys(SECONDS) as (keyof typeof SECONDS)[];
const SET_TO = 1_000;
const PROGRAM = `tracepoint:syscalls:sys_enter_getppid
  /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2)/ { @ = count(); printf("%llu\\n", nsecs); }`;

interface Line {
  readonly host: string;
  /** Boot clock of the one kernel there is. */
  readonly nsecs: bigint;
  readonly unixNs: bigint;
}

describe('clocks that are wrong', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;
  const clocks = new Map<string, ShiftedClock>();

  before(async () => {
    fleet = await TestFleet.start({});
    for (const host of HOSTS) {
      const clock = new ShiftedClock(SECONDS[host]);
      clocks.set(host, clock);
      await fleet.addAgent(host, { environment: clock.environment });
    }
  });
  after(async () => fleet.close());

  it('are shown, and events land in the right place and order, also when a clock is set', async () => {
    await assertOffsets(SECONDS);
    const [first, second] = await Promise.all([startSyscallLoad(CALLS), startSyscallLoad(CALLS)]);
    const id = await fleet.detached(['-e', PROGRAM, String(first.pid), String(second.pid)]);
    const { startedAtMs = 0 } = await fleet.api.session(id);
    // Nobody waited for a moment that is minutes away on its clock.
    assert.ok(Date.now() - startedAtMs < 100_000);
    await first.run();
    await untilStored(id, HOSTS.length * CALLS);
    clocks.get('set')?.set(SET_TO);
    await second.run();
    await fleet.until('the set clock is seen', async () => {
      const host = (await fleet.api.hosts()).find(({ host: name }) => name === 'set');
      return host !== undefined && host.clockOffsetNs < -SET_TO * 0.9e9;
    });
    const out = await fleet.output('stop', id);
    assert.match(out, new RegExp(`^@: ${2 * HOSTS.length * CALLS}$`, 'm'));
    await assertOffsets({ ...SECONDS, set: SET_TO });
    const { coverage } = (await fleet.api.history(id)).session;
    const lines = await storedLines(id);
    assert.equal(lines.length, 2 * HOSTS.length * CALLS);
    const { offsetNs } = measureClockOffset(openKernel(), 'boottime');
    const bound = BigInt(coverage.clockErrorNs);
    assert.ok(bound < 5_000_000_000n);
    for (const { host, nsecs, unixNs } of lines) {
      const wrong = unixNs - (nsecs + offsetNs);
      assert.ok(wrong <= bound && -wrong <= bound, `${host} is ${wrong} ns off`);
    }
    for (const [index, line] of lines.entries()) {
      const next = lines[index + 1];
      assert.ok(next === undefined || next.nsecs >= line.nsecs - bound);
    }
  });

  it('let a host come back whose clock went back meanwhile', async () => {
    const [first, second] = await Promise.all([startSyscallLoad(CALLS), startSyscallLoad(CALLS)]);
    const id = await fleet.detached(['-e', PROGRAM, String(first.pid), String(second.pid)]);
    await first.run();
    const sql = `SELECT sum(count) FROM maps_merged WHERE session = '${id}'`;
    await fleet.until('counts are stored', async () => {
      return (await fleet.api.query(sql)).rows[0]?.[0] === String(HOSTS.length * CALLS);
    });
    await fleet.removeAgent('fast', 'SIGKILL');
    const clock = new ShiftedClock(-100);
    await fleet.addAgent('fast', { environment: clock.environment });
    await fleet.until('fast is back', async () => {
      const { coverage } = await fleet.api.session(id);
      return coverage.hosts.every(
        ({ host, state, late }) => state === 'attached' && late === (host === 'fast'),
      );
    });
    await second.run();
    const out = await fleet.output('stop', id);
    assert.match(out, new RegExp(`^@: ${2 * HOSTS.length * CALLS}$`, 'm'));
    assert.match(out, /^interrupted: fast: its agent restarted$/m);
  });

  async function assertOffsets(expected: Readonly<Record<string, number>>): Promise<void> {
    for (const { host, clockOffsetNs, clockErrorNs } of await fleet.api.hosts()) {
      const wrong = clockOffsetNs + (expected[host] ?? 0) * 1e9;
      assert.ok(Math.abs(wrong) <= clockErrorNs, `${host}: ${wrong} ns, ±${clockErrorNs} ns`);
    }
    const table = await fleet.output('hosts');
    assert.match(table, /^slow +live .* -(300|299)\d{3}\.\dms ±[\d.]+ms /m);
    assert.match(table, /^fast +live .* \+(200|199)\d{3}\.\dms ±[\d.]+ms /m);
  }

  async function untilStored(id: string, lines: number): Promise<void> {
    await fleet.until('lines are stored', async () => (await storedLines(id)).length === lines);
  }

  /** In order of the timeline. */
  async function storedLines(id: string): Promise<readonly Line[]> {
    const { rows } = await fleet.api.query(
      `SELECT host, text, toUnixTimestamp64Nano(at) FROM events
       WHERE session = '${id}' AND kind = 'printf' ORDER BY at`,
    );
    return rows.map(([host, text, at]) => ({
      host: String(host),
      nsecs: BigInt(String(text).trim()),
      unixNs: BigInt(String(at)),
    }));
  }
});

/** The coordinator's own clock is set by minutes while a session runs: its times, windows and hosts stay as they are. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { measureClockOffset, openKernel } from '@bpfleet/bpf';
import { notRoot } from '../support/needs-kernel.ts';
import { ShiftedClock } from '../support/shifted-clock.ts';
import { TestFleet } from '../support/test-fleet.ts';

const HOSTS = { one: {}, two: {} };
const MINUTES = 5;
/** Windows until it ends; a quarter of them before the clock is set, and between that and the next time. */
const WINDOWS = 12;
const PROGRAM = `interval:s:1 { @ = count(); @all = count(); @n++; printf("%llu\\n", nsecs); print(@); clear(@); if (@n == ${WINDOWS}) { exit(); } }`;

describe('a coordinator whose clock is set', { skip: notRoot(), timeout: 180_000 }, () => {
  const clock = new ShiftedClock(0);
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start(HOSTS, { environment: clock.environment });
  });
  after(async () => fleet.close());

  it('goes on with its sessions as if nothing had happened', async () => {
    const beganMs = Date.now();
    const { id, command } = await fleet.run(['--for', '10m', '-e', PROGRAM]);
    await command.printed(windows(WINDOWS / 4));
    clock.set(-60 * MINUTES);
    await command.printed(windows(WINDOWS / 2));
    clock.set(60 * MINUTES);
    const { out, err, exitCode } = await command.finished();
    assert.equal(exitCode, 0);
    assert.doesNotMatch(err, /lost/);
    assert.match(out, /^hosts 2\/2 · lost: ring buffer 0, /m);
    assert.ok((out.match(/^@: \d+$/gm)?.length ?? 0) <= WINDOWS);
    assert.match(out, new RegExp(`^@all: ${2 * WINDOWS}$`, 'm'));
    const { startedAtMs = 0, endedAtMs = 0, coverage } = await fleet.api.session(id);
    assert.ok(startedAtMs >= beganMs && endedAtMs <= Date.now());
    assert.ok(endedAtMs - startedAtMs >= (WINDOWS - 1) * 1_000);
    const { offsetNs } = measureClockOffset(openKernel(), 'boottime');
    const bound = BigInt(coverage.clockErrorNs);
    const { rows } = await fleet.api.query(
      `SELECT text, toUnixTimestamp64Nano(at) FROM events WHERE session = '${id}' AND kind = 'printf'`,
    );
    assert.equal(rows.length, 2 * WINDOWS);
    for (const [text, at] of rows) {
      const wrong = BigInt(String(at)) - BigInt(String(text).trim()) - offsetNs;
      assert.ok(wrong <= bound && -wrong <= bound, `${wrong} ns off, ±${bound} ns`);
    }
  });

  it('tells the times of the next session by the clock as it is then', async () => {
    const beganMs = Date.now();
    const aheadMs = 60_000 * MINUTES;
    const { id, command } = await fleet.run(['--for', '2s', '-e', 'interval:s:1 { @ = count(); }']);
    const { out } = await command.finished();
    assert.match(out, /^hosts 2\/2 /m);
    const { createdAtMs, startedAtMs = 0, endedAtMs = 0 } = await fleet.api.session(id);
    assert.ok(createdAtMs >= beganMs + aheadMs && createdAtMs <= startedAtMs);
    assert.ok(endedAtMs >= startedAtMs && endedAtMs <= Date.now() + aheadMs);
    for (const { state, clockOffsetNs, clockErrorNs } of await fleet.api.hosts()) {
      assert.equal(state, 'live');
      assert.ok(Math.abs(clockOffsetNs - aheadMs * 1e6) <= clockErrorNs + 1e6);
    }
  });
});

function windows(count: number): RegExp {
  return new RegExp(`(^@: \\d+$[^]*){${count}}`, 'm');
}

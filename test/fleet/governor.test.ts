/** Agents end what takes more than they may give, say why, and keep what it had found. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const ALLOWED = /ended early: small: over its budget: [^\n]*/;
const FILTER = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/`;
const CALLS = 20_000;

/** Each test runs on one of these. */
const HOSTS = {
  small: { flags: ['--max-events', '100', '--max-map-memory', '64M'] },
  slow: { flags: ['--max-cpu', '0.02%'] },
  large: {},
};

describe('the budget of a node', { skip: notRoot(), timeout: 120_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start(HOSTS);
  });
  after(async () => fleet.close());

  it('ends a session that sends too many events; the other hosts go on', async () => {
    const load = await startSyscallLoad(CALLS);
    const program = `${FILTER} { @ = count(); printf("call\\n"); }`;
    const argv = ['--host', 'small,large', '-e', program, String(load.pid)];
    const { id, command } = await fleet.run(argv, 2);
    await load.run();
    await fleet.until('the small host has ended', async () => {
      const { coverage } = await fleet.api.session(id);
      const ended = coverage.hosts.filter(({ state }) => state === 'ended');
      return ended.some(({ host, reason = '' }) => host === 'small' && reason.includes('budget'));
    });
    assert.equal(fleet.runners('large').length, 1);
    const { out } = await command.kill('SIGINT');
    assert.match(
      out,
      /events a second, and 100 events a second is allowed \(--max-events of the agent\)/,
    );
    assert.match(out, ALLOWED);
    assert.match(out, new RegExp(`^@: ${2 * CALLS}$`, 'm'));
    await fleet.untilNothingHeld();
  });

  it('ends a session whose maps are too large before it is attached', async () => {
    const program =
      'config = { max_map_keys = 5000000 } BEGIN { @[pid, tid] = 1; } interval:s:100 { }';
    const { out } = await fleet.bpfleet('run', '--host', 'small', '-e', program);
    assert.match(out, /over its budget: \d+\.\d MiB of maps, and 64\.0 MiB of maps is allowed/);
    await fleet.untilNothingHeld();
  });

  it('ends a session that takes too much of the CPUs', async () => {
    const load = await startSyscallLoad(200_000);
    const argv = ['--host', 'slow', '-e', `${FILTER} { @ = count(); }`, String(load.pid)];
    const { command } = await fleet.run(argv, 1);
    await load.run();
    const { out } = await command.finished();
    assert.match(out, /over its budget: \d+\.\d\d % of CPU, and 0\.02 % of CPU is allowed/);
    assert.match(out, /^@: 200000$/m);
    await fleet.untilNothingHeld();
  });

  it('ends a run where it takes more than it was given; what the host can spare does not matter', async () => {
    const program =
      'config = { max_map_keys = 5000000 } BEGIN { @[pid, tid] = 1; } interval:s:100 { }';
    const argv = ['--host', 'large', '--max-map-memory', '32M', '-e', program];
    const { out } = await fleet.bpfleet('run', ...argv);
    assert.match(
      out,
      /ended early: large: over its budget: [^\n]* 32\.0 MiB of maps is allowed \(--max-map-memory of the run\)/,
    );
    await fleet.untilNothingHeld();
  });

  it('says what a session has cost', async () => {
    const load = await startSyscallLoad(CALLS);
    const argv = ['--host', 'large', '-e', `${FILTER} { @ = count(); }`, String(load.pid)];
    const { command } = await fleet.run(argv, 1);
    await load.run();
    const { out } = await command.kill('SIGINT');
    assert.match(out, / · cost <?\d+\.\d\d % of CPU, \d+ ns per event · program /);
  });
});

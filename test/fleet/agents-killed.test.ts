import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bpfIdsOf, untilUnloaded } from '../support/bpf-programs.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS } from '../support/test-fleet.ts';

const CALLS = 1000;
const COUNT = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/ { @ = count(); }`;

describe('agents and runners that die', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start(THREE_HOSTS);
  });
  after(async () => fleet.close());

  it('leaves no probe of a killed agent, and says which host is missing and why', async () => {
    const load = await startSyscallLoad(CALLS);
    const { command, id } = await fleet.run(['--by-host', '-e', COUNT, String(load.pid)]);
    const held = bpfIdsOf(fleet.agent('web-2').pid);
    assert.ok(held.programs.length > 0);
    await fleet.removeAgent('web-2', 'SIGKILL');
    await untilUnloaded(held);
    await load.run();
    await fleet.untilHosts(id, 'lost', 1);
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.match(out, /^hosts 2\/3 /m);
    assert.match(out, /^missing: web-2: lost: no sign of life for 5 s$/m);
    assert.match(err, /^partial: 1 of 3 hosts missing$/m);
    assert.equal(exitCode, 0);
    assert.match(out, new RegExp(`^@\\[db-1\\]: ${CALLS}$`, 'm'));
    assert.match(out, new RegExp(`^@\\[web-1\\]: ${CALLS}$`, 'm'));
    assert.doesNotMatch(out, /^@\[web-2\]/m);
    const [stored] = (await fleet.json('history', 'show', id)).slice(-1);
    assert.equal(stored?.['type'], 'result');
    assert.match(await fleet.output('history', 'show', id), /^hosts 2\/3 /m);
    await fleet.addAgent('web-2', THREE_HOSTS['web-2']);
  });

  it('leaves no probe of a killed runner, whose agent goes on', async () => {
    const load = await startSyscallLoad(CALLS);
    const { command, id } = await fleet.run(['-e', COUNT, String(load.pid)]);
    const [runner = 0] = fleet.runners('db-1');
    const held = bpfIdsOf(runner);
    assert.ok(held.programs.length > 0);
    process.kill(runner, 'SIGKILL');
    await untilUnloaded(held);
    await fleet.untilHosts(id, 'lost', 1);
    await load.run();
    const { out, exitCode } = await command.kill('SIGINT');
    assert.match(out, /^hosts 2\/3 /m);
    assert.match(out, /^missing: db-1: lost: its runner died \(SIGKILL\)/m);
    assert.match(out, new RegExp(`^@: ${2 * CALLS}$`, 'm'));
    assert.equal(exitCode, 0);
    const again = await startSyscallLoad(CALLS);
    const next = await fleet.run(['-e', COUNT, String(again.pid)]);
    await again.run();
    assert.match((await next.command.kill('SIGINT')).out, /^hosts 3\/3 [^]*^@: 3000$/m);
  });

  it('keeps what a killed host had counted', async () => {
    const load = await startSyscallLoad(CALLS);
    const { command, id } = await fleet.run(['-e', COUNT, String(load.pid)]);
    await load.run();
    await untilStored(id, 3 * CALLS);
    const [runner = 0] = fleet.runners('web-1');
    process.kill(runner, 'SIGKILL');
    await fleet.untilHosts(id, 'lost', 1);
    const { out } = await command.kill('SIGINT');
    assert.match(out, /^hosts 2\/3 /m);
    assert.match(out, new RegExp(`^@: ${3 * CALLS}$`, 'm'));
  });

  it('takes a host back whose agent was started again, and adds what it counts to what it had', async () => {
    const [first, second] = await Promise.all([startSyscallLoad(CALLS), startSyscallLoad(CALLS)]);
    const program = COUNT.replace('pid == $1', '(pid == $1 || pid == $2)');
    const pids = [String(first.pid), String(second.pid)];
    const { command, id } = await fleet.run(['-e', program, ...pids]);
    await first.run();
    await untilStored(id, 3 * CALLS);
    await fleet.removeAgent('web-1', 'SIGKILL');
    await fleet.addAgent('web-1', THREE_HOSTS['web-1']);
    await fleet.until('web-1 is back', async () => {
      const { coverage } = await fleet.api.session(id);
      return (
        coverage.hosts.every(({ state }) => state === 'attached') &&
        fleet.runners('web-1').length === 1
      );
    });
    await second.run();
    const { out, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0);
    assert.match(out, /^hosts 3\/3 /m);
    assert.match(out, /^late: web-1$/m);
    assert.match(out, new RegExp(`^@: ${6 * CALLS}$`, 'm'));
    assert.match(await fleet.output('history', 'show', id), new RegExp(`^@: ${6 * CALLS}$`, 'm'));
  });

  it('fails where no host is left', async () => {
    const { command } = await fleet.run(['--host', 'web-1', '-e', COUNT, '1'], 1);
    const [runner = 0] = fleet.runners('web-1');
    process.kill(runner, 'SIGKILL');
    const { out, exitCode } = await command.finished();
    assert.match(out, /^hosts 0\/1 /m);
    assert.equal(exitCode, 1);
  });

  it('detaches when the coordinator stays away longer than the lease', async () => {
    await fleet.addAgent('leased', { lease: '2s' });
    const id = await fleet.detached(['--host', 'leased', '-e', COUNT, '1'], 1);
    const held = bpfIdsOf(fleet.agent('leased').pid);
    assert.ok(held.programs.length > 0);
    await fleet.killCoordinator();
    await untilUnloaded(held);
    await fleet.startCoordinator();
    const out = await fleet.output('attach', id);
    assert.match(out, /^hosts 1\/1 /m);
    const { coverage } = (await fleet.api.history(id)).session;
    assert.deepEqual(
      coverage.hosts.map(({ host, state, reason }) => [host, state, reason]),
      [['leased', 'ended', 'detached: no contact with the coordinator']],
    );
    await fleet.removeAgent('leased', 'SIGTERM');
  });

  it('ends its sessions in order when an agent is told to stop', async () => {
    await fleet.addAgent('leaving');
    const load = await startSyscallLoad(CALLS);
    const argv = ['--host', 'leaving', '-e', COUNT, String(load.pid)];
    const { command } = await fleet.run(argv, 1);
    const held = bpfIdsOf(fleet.agent('leaving').pid);
    await load.run();
    await fleet.removeAgent('leaving', 'SIGTERM');
    await untilUnloaded(held);
    const { out, exitCode } = await command.finished();
    assert.match(out, /^hosts 1\/1 /m);
    assert.match(out, new RegExp(`^@: ${CALLS}$`, 'm'));
    assert.equal(exitCode, 0);
  });

  async function untilStored(id: string, count: number): Promise<void> {
    const sql = `SELECT sum(count) FROM maps_merged WHERE session = '${id}'`;
    await fleet.until(`${count} are stored`, async () => {
      return (await fleet.api.query(sql)).rows[0]?.[0] === String(count);
    });
  }
});

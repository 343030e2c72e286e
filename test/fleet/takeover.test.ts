import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet, THREE_HOSTS, type FleetCoordinator } from '../support/test-fleet.ts';

const HOSTS = Object.keys(THREE_HOSTS).length;
const PROBE = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && (pid == $1 || pid == $2)/`;
const COUNT = `${PROBE} { @ = count(); }`;
const PRINT = `${PROBE} { @ = count(); printf("call of %d\\n", pid); }
${PROBE.replace('sys_enter', 'sys_exit')} { printf("back in %d\\n", pid); }`;
const SPAN =
  'call: enter=tracepoint:syscalls:sys_enter_getppid exit=tracepoint:syscalls:sys_exit_getppid by tid';
const NO_LOSSES =
  /^hosts 3\/3 · lost: ring buffer 0, map full 0, missed runs 0, agent queue 0, broker 0, coordinator 0, store 0$/m;

describe('a fleet with two coordinators', { skip: notRoot(), timeout: 240_000 }, () => {
  let fleet: TestFleet;
  let other: FleetCoordinator;

  before(async () => {
    fleet = await TestFleet.start();
    other = await fleet.addCoordinator();
    await other.api.untilHosts(HOSTS);
  });
  after(async () => fleet.close());

  it('shows which coordinator runs a session, at both', async () => {
    const id = await fleet.detached(['-e', COUNT, '1', '2']);
    const [session] = await fleet.json('sessions', '--url', other.url);
    assert.equal(session?.['id'], id);
    const coordinators = await fleet.json('coordinators', '--url', other.url);
    assert.deepEqual(new Set(coordinators.map(({ url }) => url)), new Set([fleet.url, other.url]));
    const owner = coordinators.find((info) => info['id'] === session?.['coordinator']);
    assert.deepEqual([owner?.['url'], owner?.['sessions']], [fleet.url, [id]]);
    assert.match(await fleet.output('stop', id, '--url', other.url), /^hosts 3\/3 /m);
  });

  it('counts every call, prints every line and finds every span once when the owner is killed', async () => {
    const calls = 3_000;
    const [during, after] = await Promise.all([startSyscallLoad(calls), startSyscallLoad(calls)]);
    const pids = [String(during.pid), String(after.pid)];
    const { id, command } = await fleet.run(['--span', SPAN, '-e', PRINT, ...pids]);
    const counting = during.run();
    await fleet.killCoordinator();
    await counting;
    await command.printed(/^the coordinator at \S+ goes on; nothing of its output is missing$/m);
    await after.run();
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0, err);
    assert.match(out, NO_LOSSES);
    assert.match(out, new RegExp(`^@: ${HOSTS * 2 * calls}$`, 'm'));
    const [spansFound] = /^spans .*$/m.exec(out) ?? [];
    assert.equal(spansFound, `spans call: ${(HOSTS * 2 * calls).toLocaleString('en')}`);
    for (const { pid } of [during, after]) {
      for (const line of [`call of ${pid}`, `back in ${pid}`, `span call .* pid ${pid} .*`]) {
        assert.equal(out.match(new RegExp(`  ${line}$`, 'gm'))?.length, HOSTS * calls, line);
      }
    }
    const [stored] = await fleet.json(
      ...['query', '--url', other.url],
      `SELECT count() AS events, uniqExact(host, epoch, sequence, index_in_frame) AS places,
         (SELECT count() FROM spans WHERE session = '${id}') AS spans
       FROM events WHERE session = '${id}'`,
    );
    const [events, spans] = [String(HOSTS * 4 * calls), String(HOSTS * 2 * calls)];
    assert.deepEqual(
      [stored?.['events'], stored?.['places'], stored?.['spans']],
      [events, events, spans],
    );
    const history = await fleet.output('history', 'show', id, '--url', other.url);
    assert.match(history, new RegExp(`^@: ${HOSTS * 2 * calls}$`, 'm'));
    await fleet.startCoordinator();
    await fleet.api.untilHosts(HOSTS);
  });

  it('goes on at the other one while the owner is stopped, and only one acts when it wakes up', async () => {
    const calls = 100_000;
    const [during, after] = await Promise.all([startSyscallLoad(calls), startSyscallLoad(calls)]);
    const { id, command } = await fleet.run(['-e', COUNT, String(during.pid), String(after.pid)]);
    const owner = (await other.api.session(id)).coordinator;
    fleet.signalCoordinator('SIGSTOP');
    await during.run();
    await fleet.until('the other has taken over', async () => {
      return (await other.api.session(id)).coordinator !== owner;
    });
    fleet.signalCoordinator('SIGCONT');
    await after.run();
    const { out, err, exitCode } = await command.kill('SIGINT');
    assert.equal(exitCode, 0, err);
    assert.match(out, NO_LOSSES);
    assert.match(out, new RegExp(`^@: ${HOSTS * 2 * calls}$`, 'm'));
    const { maps, session } = await fleet.api.result(id);
    assert.deepEqual(maps, (await other.api.result(id)).maps);
    assert.equal(session.state, 'ended');
    const sql = `SELECT id FROM sessions FINAL WHERE id = '${id}' AND state = 'ended'`;
    assert.deepEqual((await other.api.query(sql)).rows, [[id]]);
    assert.deepEqual((await fleet.api.query(sql)).rows, []);
  });
});

/** NATS that has little room, or is away when a run is to end. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';
import { TestFleet } from '../support/test-fleet.ts';

const CALLS = 1000;
const COUNT = `tracepoint:syscalls:sys_enter_getppid /comm == "${LOAD_NAME}" && pid == $1/ { @ = count(); }`;

describe('a NATS in trouble', { skip: notRoot(), timeout: 180_000 }, () => {
  let fleet: TestFleet;

  before(async () => {
    fleet = await TestFleet.start({ one: {}, two: {} }, { nats: { room: '100MB' } });
  });
  after(async () => fleet.close());

  it('is used as far as it has room, which the coordinator says', async () => {
    await fleet.coordinator.printed(/jetstream has room for 64 MiB of frames, not 1024 MiB/);
    const load = await startSyscallLoad(CALLS);
    const { command } = await fleet.run(['-e', COUNT, String(load.pid)]);
    await load.run();
    const { out, exitCode } = await command.kill('SIGINT');
    assert.match(out, new RegExp(`^hosts 2/2 [^]*^@: ${2 * CALLS}$`, 'm'));
    assert.equal(exitCode, 0);
  });

  it('does not keep Ctrl-C, or a stop elsewhere, from ending where it cannot end the run itself', async () => {
    const load = await startSyscallLoad(CALLS);
    const { id, command } = await fleet.run(['-e', COUNT, String(load.pid)]);
    await load.run();
    await fleet.until('the counts are there', async () => {
      const sql = `SELECT sum(count) FROM maps_merged WHERE session = '${id}'`;
      return (await fleet.api.query(sql)).rows[0]?.[0] === String(2 * CALLS);
    });
    await fleet.nats.stop();
    const ended = await Promise.all([command.kill('SIGINT'), fleet.bpfleet('stop', id)]);
    for (const { out, err, exitCode } of ended) {
      assert.match(out, new RegExp(`^hosts 2/2 [^]*^@: ${2 * CALLS}$`, 'm'));
      assert.match(
        err,
        /^partial: the coordinator is cut off \(it cannot reach nats\): .*bpfleet attach /m,
      );
      assert.equal(exitCode, 1);
    }
    await fleet.nats.start();
    assert.match(
      await fleet.output('attach', id),
      new RegExp(`^hosts 2/2 [^]*^@: ${2 * CALLS}$`, 'm'),
    );
  });
});

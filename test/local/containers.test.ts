/** Names of containers by `bpfleet local`, of real control groups. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { noCgroups, TestCgroup } from '../support/cgroups.ts';
import { traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { startSyscallLoad } from '../support/syscall-load.ts';

const ID = 'fade'.repeat(16);
const UID = '6f8c1f4e-9d2b-4a57-8c3e-1b2a3c4d5e6f';

suite('builtins of containers', { skip: notRoot() ?? noCgroups() ?? false }, () => {
  test('name containers, units and pods, also of groups that are gone by the end', async () => {
    const [docker, unit, inPod] = await Promise.all([10, 20, 30].map(startSyscallLoad));
    assert(docker !== undefined && unit !== undefined && inPod !== undefined);
    const program =
      'tracepoint:syscalls:sys_enter_getppid /comm == "getppid-load"/ { @[namespace, pod, container] = count(); }';
    const { out } = await traced(['-e', program], async () => {
      // All made while it runs.
      using dockers = new TestCgroup(`docker-${ID}.scope`);
      using units = new TestCgroup('system.slice/web.service');
      using pods = new TestCgroup(`kubepods/pod${UID}/${ID}`);
      dockers.enter(docker.pid);
      units.enter(unit.pid);
      pods.enter(inPod.pid);
      await Promise.all([docker.run(), unit.run(), inPod.run()]);
    });
    assert.match(out, new RegExp(`^@\\[, , ${ID.slice(0, 12)}\\]: 10$`, 'm'));
    assert.match(out, /^@\[, , web\.service\]: 20$/m);
    assert.match(out, new RegExp(`^@\\[, ${UID}, ${ID.slice(0, 12)}\\]: 30$`, 'm'));
  });
});

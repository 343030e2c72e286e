/**
 * `--container` and `--cgroup`: exactly what processes do in the control groups that are asked for is counted, and nothing of
 * others, while processes and groups come and go.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { noCgroups, TestCgroup } from '../support/cgroups.ts';
import { attached, local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { startSyscallLoad } from '../support/syscall-load.ts';

const ID = 'fade'.repeat(16);
const COUNT = 'tracepoint:syscalls:sys_enter_getppid /comm == "getppid-load"/ { @ = count(); }';

suite('control groups that a run is about', { skip: notRoot() ?? noCgroups() ?? false }, () => {
  test('are traced with those within them, and nothing else is', async () => {
    using inner = new TestCgroup('outer/a/b/c');
    using beside = new TestCgroup('outer-2');
    const [inside, outside, host] = await Promise.all([100, 2000, 30_000].map(startSyscallLoad));
    assert(inside !== undefined && outside !== undefined && host !== undefined);
    inner.enter(inside.pid);
    beside.enter(outside.pid);
    const outer = inner.name.replace(/\/a\/b\/c$/, '');
    const { out, err } = await traced(['--cgroup', outer, '-e', COUNT], async () => {
      await Promise.all([inside.run(), outside.run(), host.run()]);
    });
    assert.match(out, /^@: 100$/m);
    assert.equal(err, 'Attached 1 probe\n');
  });

  test('count a process from when it enters to when it leaves', async () => {
    using group = new TestCgroup('web.service');
    const [before, during, after] = await Promise.all([100, 2000, 30_000].map(startSyscallLoad));
    assert(before !== undefined && during !== undefined && after !== undefined);
    const { out } = await traced(['--container', 'web.service', '-e', COUNT], async () => {
      await before.run();
      group.enter(during.pid);
      group.enter(after.pid);
      await during.run();
      group.leave(after.pid);
      await after.run();
    });
    assert.match(out, /^@: 2000$/m);
  });

  test('may be made while the run waits for them', async () => {
    const [inside, again, outside] = await Promise.all([100, 2000, 30_000].map(startSyscallLoad));
    assert(inside !== undefined && again !== undefined && outside !== undefined);
    const ready =
      'tracepoint:syscalls:sys_enter_clock_nanosleep /@seen[cgroup] == 0/ { @seen[cgroup] = 1; printf("ready %d\\n", cgroup); }';
    const tracer = await attached(['--container', ID.slice(0, 12), '-e', `${COUNT} ${ready}`]);
    try {
      for (const load of [inside, again]) {
        // The second is another group of the same container, as after a restart.
        using group = new TestCgroup(`docker-${ID}.scope`);
        const { id } = group;
        const sleeper = spawn('sh', ['-c', 'while sleep 0.01; do :; done']);
        try {
          group.enter(sleeper.pid ?? 0);
          await tracer.printed(new RegExp(`^ready ${id}$`, 'm'));
        } finally {
          const ended = once(sleeper, 'exit');
          sleeper.kill();
          await ended;
        }
        group.enter(load.pid);
        await load.run();
        await group.empty();
      }
      await outside.run();
    } finally {
      await tracer.kill('SIGINT');
    }
    const { out, err } = await tracer.finished();
    assert.match(out, /^@: 2100$/m);
    assert.equal(err, 'WARNING: no matching container yet: waiting for one\nAttached 2 probes\n');
  });

  test('do not concern what runs for no process', async () => {
    const program =
      'BEGIN { printf("begin\\n"); } interval:ms:10 { exit(); } END { printf("end\\n"); }';
    const { out, err, exitCode } = await local(['-q', '--cgroup', '/none', '-e', program]);
    assert.deepEqual([out.trim(), err, exitCode], ['begin\nend', '', 0]);
  });

  test('are said to be wrong where they are', async () => {
    for (const [flags, message] of [
      [['--cgroup', '/'], /all processes are in the cgroup \//],
      [['--cgroup', 'web'], /must be a path from the root/],
      [['--container', ''], /no empty name/],
    ] as const) {
      const { err, exitCode } = await local([...flags, '-e', 'BEGIN { exit(); }']);
      assert.match(err, message);
      assert.equal(exitCode, 1);
    }
  });
});

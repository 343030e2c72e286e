/** Stacks of programs without frame pointers. */
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

const program = (path: string): string =>
  `config = { show_debug_info = 0 } uprobe:${path}:inner { @[dw_ustack] = count(); @two[dw_ustack(perf, 2)] = count(); }`;

suite('dw_ustack', { skip: notRoot() }, () => {
  let path = '';
  before(() => {
    path = buildProgram('functions', 'pointerless', ['-fomit-frame-pointer']);
  });

  test('sees all callers, up to the first', async () => {
    const running = await startProgram(path, '3');
    const { out } = await traced(['-p', String(running.pid), '-e', program(path)], () =>
      running.work(),
    );
    await running.end();
    assert.match(
      out,
      /^@\[\n {8}inner\+0\n {8}middle\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n(?: {8}__libc_start\w+\+\d+\n)+ {8}_start\+\d+\n\]: 3$/m,
    );
    assert.match(
      out,
      /^@two\[\n\t[0-9a-f]+ inner\+0 \(\S+\)\n\t[0-9a-f]+ middle\+\d+ \(\S+\)\n\]: 3$/m,
    );
  });

  test('needs to know whose stacks', async () => {
    const { err, exitCode } = await local(['-e', program(path)]);
    assert.match(err, /dw_ustack requires a target process\. Use -p, -c, or --dwarf-pid/);
    assert.equal(exitCode, 1);
  });

  test('tells of processes it knows nothing of', async () => {
    const running = await startProgram(path, '1');
    const { out, err } = await traced(
      ['--dwarf-pid', String(process.pid), '-e', program(path)],
      () => running.work(),
    );
    await running.end();
    assert.match(out + err, /WARNING: No DWARF unwind data available for this process\./);
  });
});

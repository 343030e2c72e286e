/** Probe kinds that need no function of the kernel: iterators, watchpoints, and what is wrong with places in files. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local, printed } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram } from '../support/test-program.ts';

async function refusal(program: string, ...options: readonly string[]): Promise<string> {
  const { err, exitCode } = await local([...options, '-e', program]);
  assert.equal(exitCode, 1);
  return err.split('\n', 1)[0] ?? '';
}

suite('probe kinds', { skip: notRoot(), concurrency: 4 }, () => {
  test('an iterator walks over all there is, and ends', async () => {
    const out = await printed('iter:task { @[ctx.task.pid] = count(); }');
    assert.ok(out.includes(`\n@[${process.pid}]: 1\n`));
    assert.match(
      await refusal('iter:nonsense { }'),
      /ERROR: iter nonsense not available for your kernel version\.$/,
    );
  });

  test('a wildcard attaches one program to all functions of a file', async () => {
    const functions = buildProgram('functions');
    const program = `uprobe:${functions}:*er { @ = count(); }`;
    const { out, err } = await local(['-c', `${functions} 3`, '-e', program]);
    assert.match(err, /^Attached 2 probes$/m);
    assert.match(out, /^@: 6$/m);
  });

  test('a place that is none of the file is refused', async () => {
    const functions = buildProgram('functions');
    assert.match(
      await refusal(`uprobe:${functions}:inner+100000 { }`),
      /ERROR: Offset outside the function bounds \('inner' size is \d+\)$/,
    );
    assert.match(
      await refusal(`uprobe:${functions}:1 { }`),
      /ERROR: Could not resolve address: .*:0x1$/,
    );
    assert.match(
      await refusal('uprobe:/no/such/file:f { }'),
      /ERROR: uprobe target file '\/no\/such\/file' does not exist or is not executable$/,
    );
  });

  test('a mode that the processor has not is refused', async () => {
    assert.match(await refusal('watchpoint:0x1000:3:w { }'), /length must be one of \(1,2,4,8\)$/);
    assert.match(await refusal('watchpoint:0x1000:8:wx { }'), /invalid watchpoint mode: wx$/);
  });
});

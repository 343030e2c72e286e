/** Probe kinds that need no function of the kernel: iterators, watchpoints, and what is wrong with places in files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  test('a pinned iterator leaves a file in which its readers find what it prints', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'bpfleet-pins-'));
    const mounted = spawnSync('mount', ['-t', 'bpf', 'bpf', directory]);
    try {
      assert.equal(mounted.status, 0, String(mounted.stderr));
      const pin = join(directory, 'tasks');
      const format = String.raw`%s|%-5d|%5d|%hhd|%x|%#x|%c|100%% é|%-6s|\n`;
      const values = 'ctx.task.comm, 7, -7, 0x1ff, 255, 255, 65, "a"';
      const program = `iter:task:${pin} { printf("${format}", ${values}); }`;
      assert.ok((await printed(program)).includes(`Program pinned to ${pin}\n`));
      const own = readFileSync('/proc/self/comm', 'utf8').trimEnd();
      const lines = readFileSync(pin, 'utf8').split('\n');
      assert.ok(lines.includes(`${own}|7    |   -7|-1|ff|0xff|A|100% é|a     |`), lines[0]);
      const [one, two] = [join(directory, 'one'), join(directory, 'two')];
      await printed(`iter:task:${one} { printf("1"); } iter:task:${two} { printf("2"); }`);
      assert.match(readFileSync(one, 'utf8'), /^1+$/);
      assert.match(readFileSync(two, 'utf8'), /^2+$/);
      assert.match(
        await refusal(program, '-q'),
        /ERROR: Failed to pin iter probe link to .*: .*EEXIST/,
      );
      assert.match(
        await refusal(`iter:task:${pin}2 { printf("%r", buf("a", 1)); }`),
        /ERROR: %r cannot be written to a pinned iterator's file$/,
      );
    } finally {
      spawnSync('umount', [directory]);
      rmdirSync(directory);
    }
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

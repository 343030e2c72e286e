/** Ctrl-C while there is no time to hear of it, and twice. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { attached } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';

const SIGINT_BIT = 1n << 1n;

/** Whether a process has a handler for SIGINT. */
function catchesInterrupt(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return (caught & SIGINT_BIT) !== 0n;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

suite('an interrupt', { skip: notRoot() }, () => {
  test('ends the compiler at once', { timeout: 120_000 }, async () => {
    const script = join(testDirectory(), 'long.bt');
    const statements = Array.from({ length: 40_000 }, (_, index) => `$v${index} = nsecs;`);
    writeFileSync(script, `begin { ${statements.join('')} }`);
    const compiling = new BpfleetProcess(['local', script]);
    await until(() => catchesInterrupt(compiling.pid));
    await until(() => !catchesInterrupt(compiling.pid));
    await compiling.kill('SIGINT');
    assert.deepEqual(await compiling.finished(), { out: '', err: '', exitCode: null });
  });

  test('that comes twice prints no more than one does, and no fault', async () => {
    const tracer = await attached(['-e', 'begin { @a = 1; } interval:s:60 { }']);
    process.kill(tracer.pid, 'SIGINT');
    process.kill(tracer.pid, 'SIGINT');
    const { out, err } = await tracer.finished();
    assert.equal(err, 'Attached 2 probes\n');
    assert.match(out, /^(\n\n@a: 1\n)?$/);
  });
});

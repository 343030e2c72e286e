/** Scratch memory of programs that may be entered while a run of theirs is not over. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CompiledProgram } from '../support/compiled-program.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** Keys on a buffer of 100 bytes, which the stack has no room for. */
const PROGRAM = `rawtracepoint:sched_switch {
  @runs = count();
  @text[str(@turn, 100)] = 1;
  if (@turn++ > 3) { return; }
  for ($i : 0..100) { if ($i == 50) { return; } @sum += $i; }
}`;

describe('scratch of programs that can be interrupted by themselves', { skip: notRoot() }, () => {
  test('is released at each way out', () => {
    using program = new CompiledProgram(PROGRAM);
    for (let run = 0; run < 10; run++) program.run();
    assert.deepEqual(program.busyWords, [0n, 0n, 0n, 0n]);
    assert.deepEqual(program.sums('@runs'), [10n]);
    assert.equal(program.losses().scratchBusy, 0n);
  });

  test('is what no other run has', () => {
    using program = new CompiledProgram(PROGRAM);
    const cpus = BigInt(program.cpus);
    program.occupyScratch([0, 1, 2]);
    program.run();
    assert.deepEqual(program.busyWords, [cpus, cpus, cpus, 0n]);
    assert.deepEqual(program.sums('@runs'), [1n]);
  });

  test('is not there for a run too many, which is counted', () => {
    using program = new CompiledProgram(PROGRAM);
    const cpus = BigInt(program.cpus);
    program.occupyScratch([0, 1, 2, 3]);
    program.run();
    program.run();
    assert.deepEqual(program.sums('@runs'), [0n]);
    assert.equal(program.losses().scratchBusy, 2n);
    assert.deepEqual(program.busyWords, [cpus, cpus, cpus, cpus]);
  });

  test('is one element where the kernel skips such runs', () => {
    using program = new CompiledProgram('BEGIN { @[str(@turn++, 100)] = 1; }');
    program.run();
    assert.equal(program.busyWords.length, 1);
  });
});

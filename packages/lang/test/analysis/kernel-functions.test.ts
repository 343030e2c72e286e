/** Functions of the kernel that programs may call: where. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import type { Target } from '../../src/target.ts';
import { withKprobes } from '../targets/targets.ts';
import { analysed, diagnose } from './analysed.ts';

const target: Target = {
  ...withKprobes,
  kernelFunctions: { bpf_task_from_pid: ['tracing', 'tracepoint'] },
};

/** What a question is folded to in a probe. */
function answer(probe: string, question: string): unknown {
  const { probes } = analysed(`${probe} { $x = ${question}; }`, { target });
  const [statement] = probes[0]?.body.statements ?? [];
  assert.ok(statement?.kind === 'assignment' && statement.value.kind === 'boolean');
  return statement.value.value;
}

suite('functions of the kernel', () => {
  for (const [probe, question, value] of [
    ['begin', 'kfunc_allowed("bpf_task_from_pid")', false],
    ['begin', 'kfunc_allowed("unheard_of")', false],
    ['tracepoint:sched:sched_switch', 'kfunc_allowed("bpf_task_from_pid")', true],
    ['interval:s:1', 'kfunc_allowed("bpf_task_from_pid")', false],
  ] as const) {
    test(`${probe}: ${question}`, () => {
      assert.equal(answer(probe, question), value);
    });
  }

  test('are needed for names of other processes', () => {
    const [fault] = diagnose(new Source('stdin', 'begin { print(comm(1)); }'), { target });
    assert.equal(
      fault?.message,
      'Syntax comm(PID) is not supported in this probe type yet. Type: special',
    );
  });
});

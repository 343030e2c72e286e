import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelError } from '../../src/sys/kernel-error.ts';
import { VerifierError } from '../../src/program/verifier-error.ts';
import { readVerifierLog } from '../../src/program/verifier-log.ts';

const LOG = `func#0 @0
0: R1=ctx() R10=fp0
; $x = (uint64*)0; @ prog.bt:2
0: (b7) r2 = 0                        ; R2_w=0
; print(*$x); @ prog.bt:3
1: (79) r0 = *(u64 *)(r2 +0)
R2 invalid mem access 'scalar'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

test('finds the objection and the source line before it', () => {
  assert.deepEqual(readVerifierLog(LOG), {
    lastSlot: 1,
    end: [
      'func#0 @0',
      '0: R1=ctx() R10=fp0',
      '; $x = (uint64*)0; @ prog.bt:2',
      '0: (b7) r2 = 0                        ; R2_w=0',
      '; print(*$x); @ prog.bt:3',
      '1: (79) r0 = *(u64 *)(r2 +0)',
      "R2 invalid mem access 'scalar'",
    ],
    reason: "R2 invalid mem access 'scalar'",
    source: { text: 'print(*$x);', file: 'prog.bt', line: 3 },
    omittedLines: 5,
  });
});

test('an older kernel gives the source text alone', () => {
  const { source } = readVerifierLog(LOG.replaceAll(/ @ prog.bt:\d/g, ''));
  assert.deepEqual(source, { text: 'print(*$x);' });
});

test('joins an objection of two lines', () => {
  const log = `0: (79) r0 = *(u64 *)(r1 +8)
invalid access to map value, value_size=8 off=8 size=8
R1 max value is outside of the allowed memory range
processed 1 insns (limit 1000000)
`;
  assert.equal(
    readVerifierLog(log).reason,
    'invalid access to map value, value_size=8 off=8 size=8; R1 max value is outside of the allowed memory range',
  );
});

for (const [log, reason] of [
  ['', 'no reason given'],
  ['unknown opcode ff\n', 'unknown opcode ff'],
  ['0: (95) exit\n', '0: (95) exit'],
  ['from 3 to 5: R0=scalar()\nback-edge from insn 5 to 3\n', 'back-edge from insn 5 to 3'],
] as const) {
  test(`the reason in ${JSON.stringify(log)} is ${reason}`, () => {
    assert.equal(readVerifierLog(log).reason, reason);
  });
}

test('the error shows reason and place, and keeps the log', () => {
  const error = new VerifierError('p', LOG, new KernelError('bpf(BPF_PROG_LOAD)', 13));
  assert.equal(
    error.message,
    "load program p: EACCES: R2 invalid mem access 'scalar'; at prog.bt:3: print(*$x); (5 lines omitted, -v shows all)",
  );
  assert.equal(error.log, LOG);
  assert.equal(error.logEnd.at(-1), "R2 invalid mem access 'scalar'");
});

test('the error knows the line of the instruction that was read last', () => {
  const line = { file: 'prog.bt', line: 3, column: 1, text: 'print(*$x);' };
  const cause = new KernelError('bpf(BPF_PROG_LOAD)', 13);
  const error = new VerifierError('p', LOG, cause, (slot) => (slot === 1 ? line : undefined));
  assert.equal(error.line, line);
});

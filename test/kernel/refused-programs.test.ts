/** Programs that the verifier refuses, as their users are told. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openKernel, readHost } from '@bpfleet/bpf';
import { call, ldx, mov, R0, R2, type Instruction } from '@bpfleet/bpf/asm';
import { Source, type SessionSpec } from '@bpfleet/lang';
import { KernelObjects } from '../../packages/agent/src/session/kernel-objects.ts';
import { ProgramRefusedError } from '../../packages/agent/src/session/program-refused-error.ts';
import { compileHere } from '../support/compiled-program.ts';
import { notRoot } from '../support/needs-kernel.ts';

type Change = (spec: SessionSpec) => SessionSpec;

/** What is said of a program when it is loaded. */
function refusal(text: string, change?: Change): string {
  return refused(text, change).render(new Source('stdin', text));
}

/** Loops are jumps, as on kernels before 5.17. */
function refused(text: string, change: Change = (spec) => spec): ProgramRefusedError {
  const { possibleCpus } = readHost();
  const options = { calls: openKernel(), possibleCpus, btfIds: () => undefined };
  try {
    KernelObjects.load(change(compileHere(text, { bpfLoop: false })), options).dispose();
  } catch (error) {
    if (error instanceof ProgramRefusedError) return error;
    throw error;
  }
  return assert.fail('the kernel took it');
}

/** As a compiler would that forgot to check a pointer. */
const READ_OF_NULL: readonly Instruction[] = [mov.imm(R2, 0), ldx(8, R0, R2, 0)];

/** With `bad` instructions where `marked` is compiled. */
function spoiled(
  marked: string,
  bad: readonly Instruction[] = READ_OF_NULL,
): (spec: SessionSpec) => SessionSpec {
  return (spec) => ({
    ...spec,
    programs: spec.programs.map((probe) => {
      const { instructions } = probe.program;
      const at = instructions.findIndex(({ source }) =>
        source?.text.slice(source.column - 1).startsWith(marked),
      );
      const source = instructions[at]?.source;
      assert.ok(source !== undefined);
      const program = {
        ...probe.program,
        instructions: [
          ...instructions.slice(0, at),
          ...bad.map((one) => ({ ...one, source })),
          ...instructions.slice(at),
        ],
      };
      return { ...probe, program };
    }),
  });
}

describe('programs that the verifier refuses', { skip: notRoot() }, () => {
  test('by our fault are placed, with the end of the log, and called a bug of ours', () => {
    const text = 'begin {\n  $x = 1;\n  @a = $x; // here\n}';
    const said = refusal(text, spoiled('@a'));
    const [first = '', line, marks, bug = '', log, ...end] = said.trimEnd().split('\n');
    assert.match(
      first,
      /^stdin:3:3-10: ERROR: The kernel's verifier refuses the program of begin: R2 invalid mem access/,
    );
    assert.equal(line, '  @a = $x; // here');
    assert.equal(marks, '  ~~~~~~~');
    assert.match(bug, /^HINT: This is a bug of bpfleet \d+\.\d+\.\d+, not of your program\./);
    assert.equal(log, "HINT: The verifier's last lines:");
    assert.match(
      end.join('\n'),
      /^ {4}\d+: \(79\) r0 = \*\(u64 \*\)\(r2 \+0\).*\n {4}R2 invalid mem/m,
    );
  });

  test('are our fault unless they take too much of the kernel', () => {
    const isOurs = (text: string, change?: Change): boolean =>
      refused(text, change).isOurs(new Source('stdin', text));
    assert.equal(isOurs('begin { @a = 1; }', spoiled('@a')), true);
    assert.equal(isOurs('begin { $i = 0; while ($i < 10) { @a = $i; } }'), false);
  });

  test('for a helper that their probes may not call are told which', () => {
    assert.equal(
      refusal('begin { @a = 1; print(2); }', spoiled('print', [call('d_path')])),
      [
        'stdin:1:17-25: ERROR: helper bpf_d_path not allowed in probe',
        'begin { @a = 1; print(2); }',
        '                ~~~~~~~~',
        '',
      ].join('\n'),
    );
  });

  test('for an endless loop have its head marked', () => {
    assert.match(
      refusal('begin {\n  $i = 0;\n  while ($i < 10) {\n    @a = $i;\n  }\n}'),
      /^stdin:3:3-18: ERROR: This loop has no end .*: infinite loop detected at insn \d+\n {2}while \(\$i < 10\) \{\n {2}~{15}\nHINT: .*\n$/,
    );
  });

  test('for a loop of a function or a macro are placed there', () => {
    assert.match(
      refusal('macro m() {\n  $i = 0;\n  while ($i < 10) { }\n}\nbegin { m(); }'),
      /^stdin:3:3-18: ERROR: This loop has no end /,
    );
    assert.match(
      refusal(
        'fn f(): int64 {\n  $i = 0;\n  while ($i < 10) { }\n  return 1;\n}\nbegin { @ = f(); }',
      ),
      /^stdin:3:3-18: ERROR: This loop has no end /,
    );
  });

  test('for taking too many steps have the loop marked, or the place where the kernel gave up', () => {
    assert.match(
      refusal('begin { $i = 0; while ($i < 10000000) { $i++; } }'),
      /^stdin:1:17-38: ERROR: The program of begin takes more steps than .*\n.*\n {16}~{21}\nHINT: Let the loop turn/,
    );
  });
});

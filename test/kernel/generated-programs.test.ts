/** Random programs over the whole language: the compiler never throws, and what it accepts the verifier accepts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderDiagnostics } from '@bpfleet/lang';
import { KernelObjects } from '../../packages/agent/src/session/kernel-objects.ts';
import { compileForMachine } from '../../packages/agent/src/target/compile-for-machine.ts';
import { Machine } from '../../packages/agent/src/target/machine.ts';
import { assertForChoices } from '../reference/choices.ts';
import { writeProgram } from '../reference/program-writer.ts';
import { generatedRuns, generatedSeed } from '../support/generated-runs.ts';
import { notRoot } from '../support/needs-kernel.ts';

const PROGRAMS = generatedRuns(100);
/** Of all generated programs, how many the checker must accept, so that the test tests loading. */
const ACCEPTED_SHARE = 0.9;

describe('generated programs', { skip: notRoot() }, () => {
  test('that are accepted are loadable', (context) => {
    const machine = new Machine();
    const { calls, possibleCpus, btfIds } = machine.sessionMachine;
    let written = 0;
    let accepted = 0;
    assertForChoices(
      (choices) => {
        const text = writeProgram(choices, machine.features);
        written++;
        try {
          const compiled = compileForMachine(machine, {
            name: 'stdin',
            text,
            parameters: [],
            environment: {},
            unsafe: true,
          });
          if (!compiled.ok) {
            context.diagnostic(renderDiagnostics(compiled.diagnostics));
            return;
          }
          accepted++;
          KernelObjects.load(compiled.spec, { calls, possibleCpus, btfIds }).dispose();
        } catch (error) {
          throw new Error(`neither rejected nor loaded:\n${text}`, { cause: error });
        }
      },
      { numRuns: PROGRAMS, seed: generatedSeed() },
    );
    assert.ok(accepted >= written * ACCEPTED_SHARE, `${accepted} of ${written} were accepted`);
  });
});

/** Our own conformance cases on the running kernel: those that some kernels cannot run, and a sample of the rest. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { testDirectory } from '../support/test-program.ts';
import { usesRareProbes } from '../conformance/kernel-lacks.ts';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { Features } from '../conformance/features.ts';
import { resultText } from '../conformance/report.ts';
import { runCaseOrSkip } from '../conformance/run-cases.ts';
import { readSuites } from '../conformance/suites.ts';
import { writeTracer } from '../conformance/workspace.ts';
import type { SuiteRow } from './row.ts';

/** Of each suite, its first: a suite begins with what it is about. */
const SAMPLE = 1;

/** All that is known of where the cases are run. */
export interface OwnCasesPlace {
  /** The working tree. */
  readonly root: string;
  readonly patience: number;
  /** Of suites by their names in the table. */
  readonly isWanted: (suite: string) => boolean;
  readonly onSuite: (row: SuiteRow) => void;
}

function chosen(cases: readonly ConformanceCase[]): readonly ConformanceCase[] {
  const rare = cases.filter((testCase) => usesRareProbes(testCase, ''));
  const rest = cases.filter((testCase) => !rare.includes(testCase)).slice(0, SAMPLE);
  return cases.filter((testCase) => rare.includes(testCase) || rest.includes(testCase));
}

export async function runOwnCases({
  root,
  patience,
  isWanted,
  onSuite,
}: OwnCasesPlace): Promise<void> {
  const tracer = writeTracer([join(root, 'packages/cli/bin/bpfleet.js')]);
  const features = new Features(spawnSync(tracer, ['--info'], { encoding: 'utf8' }).stdout);
  const context = { tracer, directory: testDirectory(), patience };
  const cases = readSuites(join(root, 'test/conformance/cases'));
  for (const suite of new Set(cases.map((testCase) => testCase.suite))) {
    const name = `cases: ${suite}`;
    if (!isWanted(name)) continue;
    let [passed, failed, unsupported] = [0, 0, 0];
    const reasons = new Set<string>();
    let failures = '';
    for (const testCase of chosen(cases.filter((one) => one.suite === suite))) {
      const outcome = await runCaseOrSkip(testCase, features, context);
      switch (outcome.kind) {
        case 'passed':
          passed++;
          break;
        case 'skipped':
          unsupported++;
          reasons.add(outcome.reason);
          break;
        case 'failed':
          failed++;
          failures += resultText({ testCase, outcome, durationMs: 0 });
          break;
      }
    }
    onSuite({ kind: 'suite', name, passed, failed, unsupported, reasons: [...reasons], failures });
  }
}

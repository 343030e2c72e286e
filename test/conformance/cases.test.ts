/** Our own cases, run as those of a bpftrace checkout are. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';
import { caseTitle } from './conformance-case.ts';
import { Features } from './features.ts';
import { resultText } from './report.ts';
import { runCaseOrSkip } from './run-cases.ts';
import { readSuites } from './suites.ts';
import { writeTracer } from './workspace.ts';

/** The suites' times are meant for an idle machine. */
const PATIENCE = 4;
const CASES = fileURLToPath(new URL('cases', import.meta.url));

suite('our own cases', { skip: notRoot() }, () => {
  // A package is looked for where a process starts, and cases start elsewhere.
  const command = BpfleetProcess.command
    .slice(1)
    .map((word) => (word === 'tsx' ? import.meta.resolve('tsx') : word));
  const tracer = writeTracer(command);
  const features = new Features(spawnSync(tracer, ['--info'], { encoding: 'utf8' }).stdout);
  const context = { tracer, directory: testDirectory(), patience: PATIENCE };
  for (const testCase of readSuites(CASES)) {
    test(caseTitle(testCase), async (t) => {
      const outcome = await runCaseOrSkip(testCase, features, context);
      if (outcome.kind === 'skipped') t.skip(outcome.reason);
      else assert.equal(outcome.kind, 'passed', resultText({ testCase, outcome, durationMs: 0 }));
    });
  }
});

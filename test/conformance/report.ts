/** What a run found, for people and, as JSON, for programs. */
import { release } from 'node:os';
import { caseTitle } from './conformance-case.ts';
import type { CaseResult } from './run-cases.ts';

/** More of what a case printed says nothing more. */
const OUTPUT_LINES = 30;

function indented(text: string): string {
  return text.replaceAll(/^/gm, '      ');
}

function head(output: string): string {
  const lines = output.trimEnd().split('\n');
  const rest = lines.length - OUTPUT_LINES;
  return [...lines.slice(0, OUTPUT_LINES), ...(rest > 0 ? [`… ${rest} more lines`] : [])].join(
    '\n',
  );
}

/** As a case ends. */
export function resultText({ testCase, outcome, durationMs }: CaseResult): string {
  const title = caseTitle(testCase);
  switch (outcome.kind) {
    case 'passed':
      return `ok    ${title} (${Math.round(durationMs)} ms)\n`;
    case 'skipped':
      return `skip  ${title}: ${outcome.reason}\n`;
    case 'failed': {
      const reasons = indented(outcome.reasons.join('\n'));
      const output = indented(outcome.output === '' ? '(no output)' : head(outcome.output));
      return `FAIL  ${title}\n${reasons}\n    output:\n${output}\n`;
    }
  }
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function countOf(results: readonly CaseResult[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of results) counts[outcome.kind]++;
  return counts;
}

function countText({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function bySuite(results: readonly CaseResult[]): ReadonlyMap<string, readonly CaseResult[]> {
  const suites = new Map<string, CaseResult[]>();
  for (const result of results) {
    const { suite } = result.testCase;
    suites.set(suite, [...(suites.get(suite) ?? []), result]);
  }
  return suites;
}

/** Each suite's counts, what failed, what was skipped and why, and the sum as the last line. */
export function summaryText(results: readonly CaseResult[]): string {
  const suites = [...bySuite(results)].map(
    ([suite, own]) => `${suite.padEnd(16)} ${countText(countOf(own))}\n`,
  );
  const skipped = results.flatMap(({ testCase, outcome }) =>
    outcome.kind === 'skipped' ? `skipped ${caseTitle(testCase)}: ${outcome.reason}\n` : [],
  );
  const failed = results.flatMap(({ testCase, outcome }) =>
    outcome.kind === 'failed'
      ? `failed ${caseTitle(testCase)}: ${outcome.reasons[0]?.split('\n')[0] ?? ''}\n`
      : [],
  );
  return ['\n', ...suites, '\n', ...skipped, ...failed, `${countText(countOf(results))}\n`].join(
    '',
  );
}

export function reportJson(results: readonly CaseResult[]): string {
  const cases = results.map(({ testCase, outcome, durationMs }) => ({
    suite: testCase.suite,
    name: testCase.name,
    ...outcome,
    durationMs: Math.round(durationMs),
  }));
  return `${JSON.stringify({ kernel: release(), ...countOf(results), cases }, undefined, 2)}\n`;
}

/** Reads what node's test runner reports of one file. */
import type { SuiteRow } from './row.ts';

/** Of a file's report, when something in it failed. */
const FAILURE_LINES = 60;

function count(report: string, name: string): number {
  return Number(new RegExp(`^# ${name} (\\d+)\\r?$`, 'm').exec(report)?.[1] ?? 0);
}

/** From the first failure on; a report without one is of a file that did not come to its end. */
function failuresOf(report: string): string {
  const lines = report.split('\n');
  const first = lines.findIndex((line) => /^\s*not ok /.test(line));
  return first < 0
    ? lines.slice(-FAILURE_LINES).join('\n')
    : lines.slice(first, first + FAILURE_LINES).join('\n');
}

/** @param report in TAP; @param ended whether the process came to its end by itself */
export function suiteRow(name: string, report: string, ended: boolean): SuiteRow {
  const skips = [...report.matchAll(/^\s*ok .*# SKIP (.+?)\r?$/gm)];
  const failed = count(report, 'fail') + count(report, 'cancelled');
  const isComplete = ended && /^# fail \d+/m.test(report);
  return {
    kind: 'suite',
    name,
    passed: count(report, 'pass'),
    failed: isComplete ? failed : Math.max(failed, 1),
    unsupported: count(report, 'skipped'),
    reasons: [...new Set(skips.map(([, reason]) => reason ?? ''))],
    failures: failed > 0 || !isComplete ? failuresOf(report) : '',
  };
}

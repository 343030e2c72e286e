/**
 * Runs the runtime suite of a bpftrace checkout against `bpfleet local`:
 * `BPFTRACE_SRC=PATH npm run conformance -- [--list] [--jobs N] [--patience N] [--json FILE] [SUITE[.CASE]…]`
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { requireTracefs } from '../../scripts/system-packages.mjs';
import { caseTitle } from './conformance-case.ts';
import { reportJson, resultText, summaryText } from './report.ts';
import { runCases, type CaseResult } from './run-cases.ts';
import { readSuites, selectCases } from './suites.ts';
import { prepareWorkspace, writeTracer } from './workspace.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/bin/bpfleet.js', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    patience: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

function print(text: string): void {
  process.stdout.write(text);
}

async function main(): Promise<number> {
  const checkout = process.env['BPFTRACE_SRC'];
  if (checkout === undefined) {
    throw new Error('set BPFTRACE_SRC to a checkout of https://github.com/bpftrace/bpftrace');
  }
  const cases = selectCases(readSuites(join(checkout, 'tests/runtime')), positionals);
  if (values.list) {
    print(cases.map((testCase) => `${caseTitle(testCase)}\n`).join(''));
    return 0;
  }
  if (process.getuid?.() !== 0) throw new Error('cases trace this machine: run as root');
  requireTracefs();
  const results: CaseResult[] = [];
  const write = (): void => {
    if (values.json !== undefined) writeFileSync(values.json, reportJson(results));
  };
  process.once('SIGINT', () => {
    write();
    print(summaryText(results));
    process.exit(130);
  });
  await runCases(cases, {
    tracer: writeTracer([CLI]),
    directory: await prepareWorkspace(checkout),
    jobs: Number(values.jobs),
    patience: Number(values.patience),
    onResult: (result) => {
      results.push(result);
      print(resultText(result));
    },
  });
  write();
  print(summaryText(results));
  return results.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);

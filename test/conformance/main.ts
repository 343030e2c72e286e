/** Runs the runtime suite of a bpftrace checkout against `bpfleet local`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mountDebugfs, requireTracefs } from '../../scripts/system-packages.mjs';
import { skippedIn, writeCompatibility } from './compatibility.ts';
import { caseTitle } from './conformance-case.ts';
import { scriptOf } from './case-script.ts';
import { usesRareProbes } from './kernel-lacks.ts';
import { reportJson, resultText, summaryText } from './report.ts';
import { runCases, type CaseResult } from './run-cases.ts';
import { selfTests } from './self-tests.ts';
import { readSuites, selectCases } from './suites.ts';
import { prepareWorkspace, writeTracer } from './workspace.ts';
import { runMain } from '../support/run-main.ts';

/** A run in a VM is told where it is: its own code is elsewhere. */
const CLI =
  process.env['BPFLEET_CLI'] ??
  fileURLToPath(new URL('../../packages/cli/bin/bpfleet.js', import.meta.url));

async function workspace(checkout: string): Promise<string> {
  return process.env['BPFLEET_WORKSPACE'] ?? prepareWorkspace(checkout);
}

const HELP = `BPFTRACE_SRC=CHECKOUT npm run conformance -- [OPTIONS] [SUITE[.CASE]…]

Runs the runtime suite of a checkout of https://github.com/bpftrace/bpftrace; ends with passed, failed and skipped.

  --list                print the cases and run none
  --jobs N              so many at a time (1)
  --patience N          so many times as long as a case may take otherwise (1)
  --json FILE           write what each case came to
  --kernel SERIES       in a VM with Debian's kernel of that series, such as 6.12; when no case is named those with kinds
                        of probe that not all kernels have, and what the run of --from FILE skipped
  --compatibility PAGE  write what does not pass into that page
  --from FILE           of earlier runs, instead of running: this machine's first, then those of VMs
  --help                this text

  BPFTRACE_SRC=../bpftrace npm run conformance -- --jobs 2 --json native.json
  BPFTRACE_SRC=../bpftrace npm run conformance -- --kernel 6.12 --from native.json --json vm.json
  npm run conformance -- --compatibility docs/compatibility.md --from native.json --from vm.json
`;

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '1' },
      patience: { type: 'string', default: '1' },
      json: { type: 'string' },
      compatibility: { type: 'string' },
      from: { type: 'string', multiple: true, default: [] },
      kernel: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
}

function print(text: string): void {
  process.stdout.write(text);
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) {
    print(HELP);
    return 0;
  }
  const reports = values.from.map((file) => readFileSync(file, 'utf8'));
  if (reports.length > 0 && values.kernel === undefined) {
    if (values.compatibility === undefined) throw new Error('--from needs --compatibility PAGE');
    writeCompatibility(values.compatibility, reports);
    return 0;
  }
  const checkout = process.env['BPFTRACE_SRC'];
  if (checkout === undefined) {
    throw new Error('set BPFTRACE_SRC to a checkout of https://github.com/bpftrace/bpftrace');
  }
  const suites = readSuites(join(checkout, 'tests/runtime'));
  const all = [...suites, ...selfTests(join(checkout, 'tests/self'))];
  const cases = selectCases(all, positionals);
  if (values.list) {
    print(cases.map((testCase) => `${caseTitle(testCase)}\n`).join(''));
    return 0;
  }
  if (values.kernel !== undefined) {
    const directory = await workspace(checkout);
    const open = new Set(reports.flatMap(skippedIn));
    const rare = cases.filter(
      (one) => open.has(caseTitle(one)) || usesRareProbes(one, scriptOf(one, directory)),
    );
    const { runInKernel } = await import('./run-in-kernel.ts');
    return runInKernel(values.kernel, {
      checkout,
      cases: (positionals.length === 0 ? rare : cases).map(caseTitle),
      json: values.json,
    });
  }
  if (process.getuid?.() !== 0) throw new Error('cases trace this machine: run as root');
  requireTracefs();
  mountDebugfs();
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
    directory: await workspace(checkout),
    jobs: Number(values.jobs),
    patience: Number(values.patience),
    onResult: (result) => {
      results.push(result);
      print(resultText(result));
    },
  });
  write();
  if (values.compatibility !== undefined) {
    writeCompatibility(values.compatibility, [reportJson(results)]);
  }
  print(summaryText(results));
  return results.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0;
}

runMain(main);

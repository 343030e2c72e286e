/**
 * Runs the tools of a bpftrace checkout: each must compile, load, attach and print under a load that triggers it. Tools
 * whose probes this kernel lacks are skipped by name.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTool, type Verdict } from './run-tool.ts';
import { TOOL_CHECKS, type ToolCheck } from './tool-checks.ts';
import {
  skippedTools,
  toolsReportOf,
  writeToolsSection,
  type ReportedTool,
} from './tools-report.ts';
import { runMain } from '../../support/run-main.ts';

/** A run in a VM is told where it is: its own code is elsewhere. */
const CLI =
  process.env['BPFLEET_CLI'] ?? join(import.meta.dirname, '../../../packages/cli/bin/bpfleet.js');
const TIMEOUT_MS = Number(process.env['TOOL_TIMEOUT_MS'] ?? 10_000);

const HELP = `BPFTRACE_SRC=CHECKOUT npm run conformance:tools -- [OPTIONS] [TOOL…]

Runs the tools of a checkout of https://github.com/bpftrace/bpftrace, each under a load that triggers it.

  --json FILE           write what each tool came to
  --kernel SERIES       in a VM with Debian's kernel of that series, such as 6.12; with --from FILE those that the run of
                        that file skipped
  --compatibility PAGE  write what earlier runs came to into that page, and run none
  --from FILE           an earlier run: this machine's first, then those of VMs
  --help                this text
`;

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      kernel: { type: 'string' },
      json: { type: 'string' },
      compatibility: { type: 'string' },
      from: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
}

async function verdictOf(check: ToolCheck, tools: string): Promise<Verdict> {
  return runTool(check, {
    command: [process.execPath, CLI, 'local'],
    script: join(tools, check.tool),
    timeoutMs: TIMEOUT_MS,
  });
}

/** Whether it is the tool's whole name, or part of it. */
function isCalled(tool: string, name: string): boolean {
  return name.endsWith('.bt') ? tool === name : tool.includes(name);
}

/** Tools of the checkout that nobody has thought of yet. */
function unchecked(tools: string): readonly ReportedTool[] {
  return ['', 'old']
    .flatMap((folder) => readdirSync(join(tools, folder)).map((name) => join(folder, name)))
    .filter((name) => name.endsWith('.bt') && TOOL_CHECKS.every(({ tool }) => tool !== name))
    .map((tool) => ({ tool, kind: 'failed', reason: 'there is no check for it' }));
}

async function main(): Promise<number> {
  const { values, positionals: wanted } = readArguments();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const reports = values.from.map((file) => readFileSync(file, 'utf8'));
  if (values.compatibility !== undefined) {
    writeToolsSection(values.compatibility, reports);
    return 0;
  }
  const checkout = process.env['BPFTRACE_SRC'];
  if (checkout === undefined || !existsSync(join(checkout, 'tools'))) {
    throw new Error('BPFTRACE_SRC must name a bpftrace checkout');
  }
  if (values.kernel !== undefined) {
    const { runToolsInKernel } = await import('./run-tools-in-kernel.ts');
    const names = [...wanted, ...reports.flatMap(skippedTools)];
    return runToolsInKernel(values.kernel, { checkout, wanted: names, json: values.json });
  }
  const tools = join(checkout, 'tools');
  const checks = TOOL_CHECKS.filter(
    ({ tool }) => wanted.length === 0 || wanted.some((name) => isCalled(tool, name)),
  );
  const found: ReportedTool[] = [];
  const told = (one: ReportedTool): void => {
    found.push(one);
    const reason = one.kind === 'passed' ? '' : `: ${one.reason}`;
    process.stdout.write(`${one.kind.padEnd(8)}${one.tool}${reason}\n`);
  };
  for (const check of checks) told({ tool: check.tool, ...(await verdictOf(check, tools)) });
  if (wanted.length === 0) unchecked(tools).forEach(told);
  const report = toolsReportOf(release(), found);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  const { passed, failed, skipped } = report;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed > 0 ? 1 : 0;
}

runMain(main);

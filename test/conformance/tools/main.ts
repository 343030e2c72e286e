/**
 * Runs the tools of a bpftrace checkout: `BPFTRACE_SRC=/path npm run conformance:tools [-- TOOL…]`. Each must compile,
 * load, attach and print under a load that triggers it; tools whose probes this kernel lacks are skipped by name.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';
import { TOOL_CHECKS } from './tool-checks.ts';

const CLI = join(import.meta.dirname, '../../../packages/cli/bin/bpfleet.js');
const TIMEOUT_MS = Number(process.env['TOOL_TIMEOUT_MS'] ?? 10_000);

const source = process.env['BPFTRACE_SRC'];
if (source === undefined || !existsSync(join(source, 'tools'))) {
  process.stderr.write('BPFTRACE_SRC must name a bpftrace checkout\n');
  process.exit(1);
}
const wanted = process.argv.slice(2);
const checks = TOOL_CHECKS.filter(
  ({ tool }) => wanted.length === 0 || wanted.some((name) => tool.includes(name)),
);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const check of checks) {
  const verdict = await runTool(check, {
    command: [process.execPath, CLI, 'local'],
    script: join(source, 'tools', check.tool),
    timeoutMs: TIMEOUT_MS,
  });
  counts[verdict.kind]++;
  const reason = verdict.kind === 'passed' ? '' : `: ${verdict.reason}`;
  process.stdout.write(`${verdict.kind.padEnd(8)}${check.tool}${reason}\n`);
}
const unknown = ['', 'old']
  .flatMap((folder) => readdirSync(join(source, 'tools', folder)).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.bt') && TOOL_CHECKS.every(({ tool }) => tool !== name));
if (wanted.length === 0) {
  counts.failed += unknown.length;
  for (const name of unknown) process.stdout.write(`failed  ${name}: there is no check for it\n`);
}
process.stdout.write(
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** Runs tools in a VM that boots one of Debian's kernels, and has what they trace. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePackages } from '../../../scripts/system-packages.mjs';
import { debianKernel } from '../../vm/debian-kernel.ts';
import { requireVms } from '../../vm/require-vms.ts';
import { runBundleInVm } from '../bundle-in-vm.ts';

/** For the file systems, the disks and the loads. */
const MODULES = ['xfs', 'brd', 'raid1', 'sch_fifo'];
/** The least that mkfs.xfs takes, and some room. */
const DISK_MIB = 512;
/** Under emulation a tool takes half a minute until it is attached. */
const TOOL_TIMEOUT_MS = 60_000;
const VM_TIMEOUT_MS = 60 * 60_000;

export interface ToolsKernelRun {
  readonly checkout: string;
  /** Parts of the names of tools; none are all. */
  readonly wanted: readonly string[];
  /** Receives the report. */
  readonly json: string | undefined;
}

/** @param series such as `6.12`; @returns the exit code. @throws where apt has no such kernel */
export async function runToolsInKernel(series: string, run: ToolsKernelRun): Promise<number> {
  requireVms();
  requirePackages(['xfsprogs']);
  const kernel = debianKernel(series);
  if (kernel === undefined) throw new Error(`apt has no linux-image-${series}.*-amd64`);
  process.stdout.write(`kernel ${kernel.name}\n`);
  const { exitCode, report } = await runBundleInVm(kernel, {
    entry: 'test/conformance/tools/main.ts',
    external: ['./run-tools-in-kernel.ts'],
    argv: run.wanted,
    environment: { BPFTRACE_SRC: run.checkout, TOOL_TIMEOUT_MS: String(TOOL_TIMEOUT_MS) },
    setup: [readFileSync(join(import.meta.dirname, 'surroundings.sh'), 'utf8')],
    modules: MODULES,
    diskMib: DISK_MIB,
    timeoutMs: VM_TIMEOUT_MS,
  });
  if (run.json !== undefined && report !== undefined) writeFileSync(run.json, `${report}\n`);
  return exitCode;
}

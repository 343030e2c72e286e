/** Runs cases in a VM that boots one of Debian's kernels. */
import { readFileSync, writeFileSync } from 'node:fs';
import { debianKernel } from '../vm/debian-kernel.ts';
import type { Kernel } from '../vm/kernel.ts';
import { requireVms } from '../vm/require-vms.ts';
import { runBundleInVm } from './bundle-in-vm.ts';
import { prepareWorkspace } from './workspace.ts';

/** Emulation is slow, and slower where the machine has other work. */
const PATIENCE = 10;
const START_MS = 120_000;
const CASE_MS = 60_000;
/** What cases ask for with lsmod. */
const MODULES = ['nf_tables', 'kvm', 'xfs'];
/** Debian keeps these headers where only its compilers look. */
const HEADERS = 'ln -s /usr/include/x86_64-linux-gnu/sys /usr/include/sys';
/** By this folder a case tells that functions begin with `endbr64`, as in the kernels that it was written on. */
const VM_FOLDER = 'mkdir /mnt/vmtest';

export interface KernelRun {
  readonly checkout: string;
  /** Titles. */
  readonly cases: readonly string[];
  /** Receives the report. */
  readonly json: string | undefined;
}

function hasBranchTracking({ image }: Kernel): boolean {
  const config = readFileSync(image.replace('/vmlinuz-', '/config-'), 'utf8');
  return config.includes('CONFIG_X86_KERNEL_IBT=y');
}

/** @param series such as `6.12`; @returns the exit code. @throws where apt has no such kernel */
export async function runInKernel(series: string, run: KernelRun): Promise<number> {
  requireVms();
  const kernel = debianKernel(series);
  if (kernel === undefined) throw new Error(`apt has no linux-image-${series}.*-amd64`);
  process.stdout.write(`kernel ${kernel.name}, ${run.cases.length} cases\n`);
  const { exitCode, report } = await runBundleInVm(kernel, {
    entry: 'test/conformance/main.ts',
    external: ['./run-in-kernel.ts'],
    argv: ['--patience', String(PATIENCE), ...run.cases],
    environment: {
      BPFTRACE_SRC: run.checkout,
      // Compilers are slow under emulation.
      BPFLEET_WORKSPACE: await prepareWorkspace(run.checkout),
    },
    setup: [HEADERS, ...(hasBranchTracking(kernel) ? [VM_FOLDER] : [])],
    modules: MODULES,
    timeoutMs: START_MS + run.cases.length * CASE_MS,
  });
  if (run.json !== undefined && report !== undefined) writeFileSync(run.json, `${report}\n`);
  return exitCode;
}

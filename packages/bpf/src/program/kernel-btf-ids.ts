/** Finds what a program attaches to or calls by its BTF id. */
import type { Btf } from '../btf/btf.ts';
import { readModuleBtf } from '../kernel/kernel-btf.ts';
import { moduleBtf } from '../sys/bpf.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';

export interface BtfTarget {
  readonly btfId: number;
  /** For what is in a module: its BTF, which the caller closes. */
  readonly moduleBtf?: Fd;
}

export interface KernelBtfIds {
  /** A kernel function, `vmlinux` unless a module is named. */
  func(name: string, module?: string): BtfTarget | undefined;
  /** What a BTF-typed raw tracepoint is found by: `btf_trace_sched_switch` for `sched_switch`. */
  rawTracepoint(name: string): BtfTarget | undefined;
}

export function kernelBtfIds(vmlinux: Btf, calls: KernelCalls): KernelBtfIds {
  return {
    func(name, module): BtfTarget | undefined {
      const isModule = module !== undefined && module !== 'vmlinux';
      if (!isModule) return target(vmlinux.findByName(name, 'func'));
      const btfId = readModuleBtf(module, vmlinux)?.findByName(name, 'func');
      if (btfId === undefined) return undefined;
      const fd = moduleBtf(calls, module);
      return fd === undefined ? undefined : { btfId, moduleBtf: fd };
    },

    rawTracepoint(name): BtfTarget | undefined {
      return target(vmlinux.findByName(`btf_trace_${name}`, 'typedef'));
    },
  };
}

function target(btfId: number | undefined): BtfTarget | undefined {
  return btfId === undefined ? undefined : { btfId };
}

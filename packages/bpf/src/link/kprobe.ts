/** Programs on kernel functions and instructions, by breakpoint or ftrace. */
import type { Program } from '../program/program.ts';
import { linkCreate } from '../sys/bpf.ts';
import { BPF_F_KPROBE_MULTI_RETURN, BPF_TRACE_KPROBE_MULTI } from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { cString } from '../sys/kernel-struct.ts';
import { attaching } from './attach-error.ts';
import { FdLink, type Link } from './link.ts';
import { attachToPerfEvents } from './perf-program.ts';
import { pmuType } from './pmu.ts';

export interface KprobeTarget {
  /** As the user wrote it: `kprobe:vfs_read`. */
  readonly probe: string;
  /** A symbol, `module:symbol` where the name is not unique, or an address. */
  readonly location: string | bigint;
  /** From the start of the symbol; must be the start of an instruction. */
  readonly offsetBytes?: number;
  /** On return from the function instead. */
  readonly isReturn: boolean;
  readonly cookie?: bigint;
}

/** Bit 0 of `config`, as /sys/bus/event_source/devices/kprobe/format/retprobe says. */
const RETURN_PROBE = 1n;

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such symbol',
  EADDRNOTAVAIL: 'several functions have this name; name the module or the address',
  EILSEQ: 'not the start of an instruction',
  EINVAL: 'this function must not be probed, or there is no such place in it',
};

/**
 * Attaches a program of type `kprobe` through a perf event (Linux 4.17). Throws AttachError; in a kernel without
 * CONFIG_KPROBES its message says so.
 */
export function attachKprobe(calls: KernelCalls, program: Program, target: KprobeTarget): Link {
  return attaching(target.probe, () => {
    const type = pmuType('kprobe');
    if (type === undefined) throw new Error('no kprobes in this kernel (CONFIG_KPROBES)');
    const { location, offsetBytes = 0, cookie } = target;
    const place =
      typeof location === 'string'
        ? { config1: cString(location), config2: BigInt(offsetBytes) }
        : { config1: 0n, config2: location + BigInt(offsetBytes) };
    return attachToPerfEvents(calls, program, {
      probe: target.probe,
      attr: { type, config: target.isReturn ? RETURN_PROBE : 0n, ...place },
      targets: [{ pid: -1, cpu: 0 }],
      ...(cookie === undefined ? {} : { cookie }),
      explain: (code) => EXPLANATIONS[code],
    });
  });
}

export interface KprobeMultiTarget {
  readonly probe: string;
  readonly symbols: readonly string[];
  readonly isReturn: boolean;
  /** One for each symbol. */
  readonly cookies?: readonly bigint[];
}

/**
 * Attaches one program to many functions at once, which is much faster than one by one. The program must have
 * been loaded with `multi: 'kprobe'`. Linux 5.18 (0dcac2725406). Throws AttachError.
 */
export function attachKprobeMulti(
  calls: KernelCalls,
  program: Program,
  target: KprobeMultiTarget,
): Link {
  return attaching(target.probe, () => {
    const link = linkCreate(calls, {
      programFd: program.fd.number,
      targetFd: 0,
      attachType: BPF_TRACE_KPROBE_MULTI,
      target: {
        kind: 'kprobe-multi',
        flags: target.isReturn ? BPF_F_KPROBE_MULTI_RETURN : 0,
        symbols: target.symbols,
        ...(target.cookies === undefined ? {} : { cookies: target.cookies }),
      },
    });
    return new FdLink(target.probe, [link]);
  });
}

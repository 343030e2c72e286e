/** Programs on kernel functions and instructions, by breakpoint or ftrace. */
import type { Program } from '../program/program.ts';
import { linkCreate } from '../sys/bpf.ts';
import {
  BPF_F_KPROBE_MULTI_RETURN,
  BPF_TRACE_KPROBE_MULTI,
  BPF_TRACE_KPROBE_SESSION,
} from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import { isKernelError } from '../sys/kernel-error.ts';
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
  EINVAL: 'this function must not be probed, or there is no such place in it',
};

/** The offset is the user's to mend: a sentence that needs no call before it. */
const IN_THE_MIDDLE =
  'Possible attachment attempt in the middle of an instruction, try a different offset.';

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
    try {
      return attachToPerfEvents(calls, program, {
        probe: target.probe,
        attr: { type, config: target.isReturn ? RETURN_PROBE : 0n, ...place },
        targets: [{ pid: -1, cpu: 0 }],
        ...(cookie === undefined ? {} : { cookie }),
        explain: (code) => EXPLANATIONS[code],
      });
    } catch (error) {
      if (isKernelError(error, 'EILSEQ')) throw new Error(IN_THE_MIDDLE, { cause: error });
      throw error;
    }
  });
}

export interface KprobeMultiTarget {
  readonly probe: string;
  readonly symbols: readonly string[];
  /** Runs at the entry, at the return, or at both: then it must have been loaded with `multi: 'kprobe-session'`. Linux 6.10. */
  readonly at: 'entry' | 'return' | 'both';
  /** One for each symbol. */
  readonly cookies?: readonly bigint[];
}

/**
 * Attaches one program to many functions at once, which is much faster than one by one. The program must have
 * been loaded with `multi: 'kprobe'`. Linux 5.18 (0dcac2725406). Functions that cannot be attached to are left out, if
 * any is left: what may be traced is not known before where the kernel hides its list. Throws AttachError.
 */
export function attachKprobeMulti(
  calls: KernelCalls,
  program: Program,
  target: KprobeMultiTarget,
): Link {
  return attaching(target.probe, () => {
    const attempt = attachHalves(calls, program, target);
    if (attempt.links.length === 0) throw attempt.refusal;
    return new FdLink(target.probe, attempt.links);
  });
}

/** One function that is refused makes the kernel refuse all: it is found by halving. */
function attachHalves(
  calls: KernelCalls,
  program: Program,
  target: KprobeMultiTarget,
): { readonly links: readonly Fd[]; readonly refusal?: unknown } {
  const { symbols, cookies } = target;
  try {
    const link = linkCreate(calls, {
      programFd: program.fd.number,
      targetFd: 0,
      attachType: target.at === 'both' ? BPF_TRACE_KPROBE_SESSION : BPF_TRACE_KPROBE_MULTI,
      target: {
        kind: 'kprobe-multi',
        flags: target.at === 'return' ? BPF_F_KPROBE_MULTI_RETURN : 0,
        symbols,
        ...(cookies === undefined ? {} : { cookies }),
      },
    });
    return { links: [link] };
  } catch (refusal) {
    if (!isKernelError(refusal, 'ESRCH', 'EINVAL', 'EADDRNOTAVAIL') || symbols.length === 1) {
      return { links: [], refusal };
    }
    const middle = symbols.length >>> 1;
    const part = (from: number, to?: number): KprobeMultiTarget => ({
      ...target,
      symbols: symbols.slice(from, to),
      ...(cookies === undefined ? {} : { cookies: cookies.slice(from, to) }),
    });
    const first = attachHalves(calls, program, part(0, middle));
    const second = attachHalves(calls, program, part(middle));
    return { links: [...first.links, ...second.links], refusal };
  }
}

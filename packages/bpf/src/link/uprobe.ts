/** Programs on places in user programs and libraries, USDT probes among them. */
import type { Program } from '../program/program.ts';
import { linkCreate } from '../sys/bpf.ts';
import { BPF_F_UPROBE_MULTI_RETURN, BPF_TRACE_UPROBE_MULTI } from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { cString } from '../sys/kernel-struct.ts';
import { attaching } from './attach-error.ts';
import { FdLink, type Link } from './link.ts';
import { attachToPerfEvents } from './perf-program.ts';
import { pmuType } from './pmu.ts';

export interface UprobeTarget {
  /** As the user wrote it: `uprobe:/bin/bash:readline`. */
  readonly probe: string;
  /** As this process sees the file; of a container, through `/proc/PID/root`. */
  readonly path: string;
  readonly fileOffset: bigint;
  /** On return from the function instead. */
  readonly isReturn: boolean;
  /** File offset of a USDT semaphore, which the kernel raises while the probe is attached. Linux 4.20. */
  readonly semaphoreOffset?: bigint;
  /** Only this process. */
  readonly pid?: number;
  readonly cookie?: bigint;
}

/** `config`, as /sys/bus/event_source/devices/uprobe/format says: bit 0, and bits 32 to 63. */
const RETURN_PROBE = 1n;
const SEMAPHORE_SHIFT = 32n;

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EINVAL: 'no instruction of the file is at this offset, or it cannot be probed',
  EIO: 'the file system of this file does not allow probes',
  ESRCH: 'no such process',
};

/** Attaches a program of type `kprobe` through a perf event (Linux 4.17). Throws AttachError. */
export function attachUprobe(calls: KernelCalls, program: Program, target: UprobeTarget): Link {
  return attaching(target.probe, () => {
    const type = pmuType('uprobe');
    if (type === undefined) throw new Error('no uprobes in this kernel (CONFIG_UPROBES)');
    const { pid, cookie, semaphoreOffset = 0n } = target;
    return attachToPerfEvents(calls, program, {
      probe: target.probe,
      attr: {
        type,
        config: (target.isReturn ? RETURN_PROBE : 0n) | (semaphoreOffset << SEMAPHORE_SHIFT),
        config1: cString(target.path),
        config2: target.fileOffset,
      },
      targets: [pid === undefined ? { pid: -1, cpu: 0 } : { pid, cpu: -1 }],
      ...(cookie === undefined ? {} : { cookie }),
      explain: (code) => EXPLANATIONS[code],
    });
  });
}

export interface UprobeMultiTarget {
  readonly probe: string;
  readonly path: string;
  readonly fileOffsets: readonly bigint[];
  readonly isReturn: boolean;
  /** One for each offset; 0 for none. */
  readonly semaphoreOffsets?: readonly bigint[];
  readonly cookies?: readonly bigint[];
  readonly pid?: number;
}

/**
 * Attaches one program to many places of one file at once. The program must have been loaded with
 * `multi: 'uprobe'`. Linux 6.6 (89ae89f53d20). Throws AttachError.
 */
export function attachUprobeMulti(
  calls: KernelCalls,
  program: Program,
  target: UprobeMultiTarget,
): Link {
  return attaching(target.probe, () => {
    const { semaphoreOffsets, cookies, pid } = target;
    const link = linkCreate(calls, {
      programFd: program.fd.number,
      targetFd: 0,
      attachType: BPF_TRACE_UPROBE_MULTI,
      target: {
        kind: 'uprobe-multi',
        flags: target.isReturn ? BPF_F_UPROBE_MULTI_RETURN : 0,
        path: target.path,
        offsets: target.fileOffsets,
        ...(semaphoreOffsets === undefined ? {} : { semaphoreOffsets }),
        ...(cookies === undefined ? {} : { cookies }),
        ...(pid === undefined ? {} : { pid }),
      },
    });
    return new FdLink(target.probe, [link]);
  });
}

/** Programs on entry to and return from kernel functions, called by BTF trampolines. */
import type { Program } from '../program/program.ts';
import { rawTracepointOpen } from '../sys/bpf.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import { FdLink, type Link } from './link.ts';

/**
 * Attaches a program of type `tracing` to the function it was loaded for (`fentry` or `fexit`). Linux 5.5 on
 * x86_64, 6.0 on arm64. Throws AttachError.
 */
export function attachFentry(calls: KernelCalls, program: Program, probe: string): Link {
  return attaching(
    probe,
    () => new FdLink(probe, [rawTracepointOpen(calls, undefined, program.fd)]),
  );
}

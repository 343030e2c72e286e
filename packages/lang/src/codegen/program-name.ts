/** Names of kernel programs, as `bpftool prog` shows them. */
import type { CheckedProbe } from '../analysis/checked-program.ts';

/** What the kernel keeps of a name. */
const MAX_LENGTH = 15;

/** The last part of the probe's name: `sys_enter_read` of `tracepoint:syscalls:sys_enter_read`. */
export function programName(probe: CheckedProbe): string {
  const last = probe.name.split(/[:/]/).at(-1) ?? probe.provider;
  const name = /^[0-9]/.test(last) ? `${probe.provider}_${last}` : last;
  return name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, MAX_LENGTH);
}

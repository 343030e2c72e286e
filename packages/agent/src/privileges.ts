/** Whether this process may load and attach BPF programs. */
import { readFileSync } from 'node:fs';

/** Numbers from `include/uapi/linux/capability.h`. */
const CAP_SYS_ADMIN = 21n;
const CAP_PERFMON = 38n;
const CAP_BPF = 39n;

/** The process lacks the capabilities that tracing takes. */
export class PrivilegeError extends Error {
  override readonly name = 'PrivilegeError';
}

/** Throws PrivilegeError. */
export function requirePrivileges(
  status: string = readFileSync('/proc/self/status', 'utf8'),
): void {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (capability: bigint): boolean => ((effective >> capability) & 1n) === 1n;
  if (has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON))) return;
  throw new PrivilegeError(
    'tracing needs root, or the capabilities CAP_BPF and CAP_PERFMON; run it with sudo',
  );
}

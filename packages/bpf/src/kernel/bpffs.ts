/** The file system in which BPF objects have names. */
import { readFileSync } from 'node:fs';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { KernelError } from '../sys/kernel-error.ts';

const MOUNT_POINT = '/sys/fs/bpf';

/** The command that makes it available, for messages. */
export const BPFFS_MOUNT_COMMAND: string = `mount -t bpf bpf ${MOUNT_POINT}`;

/**
 * Mounts it at its usual place where a path below that is wanted and nothing is mounted there yet; systemd does so,
 * other systems may not. Throws, with the command to run, where that is not allowed.
 */
export function mountBpffsFor(
  path: string,
  calls: KernelCalls,
  mounts: string = readFileSync('/proc/self/mounts', 'utf8'),
): void {
  if (!path.startsWith(`${MOUNT_POINT}/`) || isMounted(mounts)) return;
  const result = calls.mount('bpf', MOUNT_POINT, 'bpf');
  if (result >= 0) return;
  const { message } = new KernelError('mount', -result);
  throw new Error(
    `no BPF file system is mounted, and mounting one failed: ${message}; as root run: ${BPFFS_MOUNT_COMMAND}`,
  );
}

function isMounted(mounts: string): boolean {
  return mounts.split('\n').some((line) => line.split(' ')[1] === MOUNT_POINT);
}

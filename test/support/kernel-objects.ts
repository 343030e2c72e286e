/** What a process holds in the kernel, by ids, and whether it is still there: how tests find leaks beside other users of BPF. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { isKernelError, KernelError, openKernel } from '@bpfleet/bpf';
import { numbersAttr } from '../../packages/bpf/src/sys/bpf-attr.ts';

/** BPF_…_GET_FD_BY_ID of bpf(2), by the name of the id in /proc/PID/fdinfo. */
const COMMANDS = { prog_id: 13, map_id: 14, link_id: 30 } as const;

type Kind = keyof typeof COMMANDS;

export interface KernelObject {
  readonly kind: Kind;
  readonly id: number;
}

const PATIENCE_MS = 60_000;
const calls = openKernel();

/** Programs, maps and links that descriptors of the process refer to. */
export function heldBy(pid: number): readonly KernelObject[] {
  const found = new Map<string, KernelObject>();
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    for (const [, kind, id] of infoOf(pid, fd).matchAll(/^(prog_id|map_id|link_id):\s*(\d+)$/gm)) {
      found.set(`${kind} ${id}`, { kind: kind as Kind, id: Number(id) });
    }
  }
  return [...found.values()];
}

function infoOf(pid: number, fd: string): string {
  try {
    return readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
  } catch {
    // Closed since the directory was read.
    return '';
  }
}

/** Waits until the kernel has let go of them, which it does after a grace period; gives those that stay. */
export async function leftOf(objects: readonly KernelObject[]): Promise<readonly KernelObject[]> {
  const end = Date.now() + PATIENCE_MS;
  let left = objects.filter(exists);
  while (left.length > 0 && Date.now() < end) {
    await setTimeout(50);
    left = left.filter(exists);
  }
  return left;
}

function exists({ kind, id }: KernelObject): boolean {
  const result = calls.bpf(COMMANDS[kind], numbersAttr(id));
  if (result >= 0) {
    calls.close(result);
    return true;
  }
  const error = new KernelError(`bpf(${kind})`, -result);
  if (isKernelError(error, 'ENOENT')) return false;
  throw error;
}

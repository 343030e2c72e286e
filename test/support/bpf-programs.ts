/** Which BPF programs and links there are: of one process and of the whole kernel. */
import { readdirSync, readFileSync } from 'node:fs';
import { openKernel } from '@bpfleet/bpf';
import { KernelStruct } from '../../packages/bpf/src/sys/kernel-struct.ts';

const BPF_PROG_GET_NEXT_ID = 11;
const BPF_LINK_GET_NEXT_ID = 31;

export interface BpfIds {
  readonly programs: readonly number[];
  readonly links: readonly number[];
}

/** What a process and its descendants hold through their descriptors. */
export function bpfIdsOf(pid: number): BpfIds {
  const ids = { programs: new Set<number>(), links: new Set<number>() };
  for (const each of [pid, ...descendants(pid)]) {
    for (const info of descriptors(each)) {
      for (const [name, set] of [
        ['prog_id', ids.programs],
        ['link_id', ids.links],
      ] as const) {
        const [, id] = new RegExp(`^${name}:\\s+(\\d+)$`, 'm').exec(info) ?? [];
        if (id !== undefined) set.add(Number(id));
      }
    }
  }
  return { programs: [...ids.programs], links: [...ids.links] };
}

/** Those of `ids` that the kernel still has, whoever holds them. */
export function stillLoaded(ids: BpfIds): BpfIds {
  const programs = new Set(allIds(BPF_PROG_GET_NEXT_ID));
  const links = new Set(allIds(BPF_LINK_GET_NEXT_ID));
  return {
    programs: ids.programs.filter((id) => programs.has(id)),
    links: ids.links.filter((id) => links.has(id)),
  };
}

/** Resolves once the kernel has none of them. @throws when some stay */
export async function untilUnloaded(ids: BpfIds): Promise<void> {
  // The kernel frees programs after a grace period of its own.
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { programs, links } = stillLoaded(ids);
    if (programs.length + links.length === 0) return;
    if (performance.now() > deadline) {
      throw new Error(`still loaded: programs ${programs.join(' ')}, links ${links.join(' ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Children of a process, their children, and so on. */
export function descendants(pid: number): readonly number[] {
  let children: readonly number[];
  try {
    children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1')
        .split(' ')
        .filter((child) => child !== '')
        .map(Number),
    );
  } catch {
    return [];
  }
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function descriptors(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fdinfo`).flatMap((fd) => {
      try {
        return [readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1')];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function allIds(command: number): readonly number[] {
  const calls = openKernel();
  const ids: number[] = [];
  for (let id = 0; ;) {
    const attr = new KernelStruct(12);
    attr.u32(0, id);
    if (calls.bpf(command, attr) < 0) return ids;
    id = attr.readU32(4);
    ids.push(id);
  }
}

/** Turns away processes that are in none of the control groups that a session is about, nor in any group below one. */
import { KERNEL_MAPS, MAX_CGROUP_LEVEL, type AttachSpec } from '../session-spec.ts';
import type { Lowering } from './lowering.ts';

/** Run for no process in particular: by the session itself, or at a time. */
const WITHOUT_PROCESS: readonly AttachSpec['kind'][] = [
  ...(['begin', 'end', 'self-signal', 'test', 'bench', 'iter'] as const),
];

export function filterCgroup(l: Lowering): void {
  const { probe, program, b } = l;
  if (program.target.cgroupFilter !== true) return;
  if (WITHOUT_PROCESS.includes(probe.attach.kind) || probe.provider === 'interval') return;
  const inside = b.label('in_cgroup');
  b.scope(() => {
    const key = b.onStack(8);
    for (let level = 1; level <= MAX_CGROUP_LEVEL; level++) {
      const id = b.call('get_current_ancestor_cgroup_id', BigInt(level));
      // It is not so deep: no group that it is in was one of them.
      b.branch('eq', id, 0n, l.exit);
      b.store(8, key, id);
      const found = b.call('map_lookup_elem', { kind: 'map', map: KERNEL_MAPS.cgroups }, key);
      b.branch('ne', found, 0n, inside);
    }
    b.jump(l.exit);
  });
  b.place(inside);
}

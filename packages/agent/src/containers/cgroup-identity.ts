/** Which container, pod and unit the path of a control group is of. */
import { CGROUP_SHAPES, type CgroupPart } from './cgroup-shapes.ts';

/** All of it that is known; a host's own processes have a unit or nothing. */
export type CgroupIdentity = CgroupPart;

/**
 * Nested containers (docker in docker, kind) are the innermost one; groups that a container makes for itself are that
 * container, whatever they are called: systemd runs in containers, too.
 */
export function cgroupIdentity(path: string): CgroupIdentity {
  let identity: CgroupIdentity = {};
  for (const component of path.split('/')) {
    const part = partOf(component);
    if (part.podUid !== undefined) {
      // A pod within a container, such as a node of kind: what is around it does not matter.
      identity = part;
    } else if (part.containerId !== undefined) {
      const { podUid } = identity;
      identity = podUid === undefined ? part : { podUid, ...part };
    } else if (part.unit !== undefined && !isContained(identity)) {
      identity = part;
    }
  }
  return identity;
}

function isContained({ containerId, podUid }: CgroupIdentity): boolean {
  return containerId !== undefined || podUid !== undefined;
}

function partOf(component: string): CgroupPart {
  for (const { pattern, means } of CGROUP_SHAPES) {
    const found = pattern.exec(component);
    if (found !== null) return means(found.groups ?? {});
  }
  return {};
}

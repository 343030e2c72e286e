/** Whether a control group is one that a session is about. */
import { posix } from 'node:path';
import {
  containerFilterFault,
  isOfPods,
  matchesLabels,
  parseLabelSelector,
  parseWorkload,
  type ContainerFilter,
  type LabelRequirement,
  type Workload,
} from '@bpfleet/protocol';
import type { PodTable } from '../pods/pod-table.ts';
import type { Pod } from '../pods/pod.ts';
import { cgroupIdentity } from './cgroup-identity.ts';
import type { ContainerDirectory } from './container-directory.ts';

/** `later`: nobody knows yet what the container is called. */
export type CgroupMatch = 'yes' | 'no' | 'later';

/** From so many digits on an id is one. */
const SHORT_ID = /^[0-9a-f]{12,64}$/;

export class ContainerMatch {
  readonly #filter: ContainerFilter;
  readonly #labels: readonly LabelRequirement[];
  readonly #workload: Workload | undefined;
  readonly #cgroups: readonly string[];
  readonly #pods: PodTable;
  readonly #directory: ContainerDirectory;

  /** `root`: where the hierarchy is mounted, which paths may begin with. Throws RangeError for what is no filter. */
  constructor(
    filter: ContainerFilter,
    pods: PodTable,
    directory: ContainerDirectory,
    root: string,
  ) {
    const fault = containerFilterFault(filter);
    const labels = parseLabelSelector(filter.pods ?? '');
    if (fault !== undefined || !labels.ok) throw new RangeError(fault);
    this.#labels = labels.requirements;
    this.#workload = filter.workload === undefined ? undefined : parseWorkload(filter.workload);
    this.#filter = filter;
    this.#cgroups = (filter.cgroups ?? []).map((path) => fromRoot(path, root));
    this.#pods = pods;
    this.#directory = directory;
  }

  /** `path` is from the root of the hierarchy. */
  of(path: string): CgroupMatch {
    const { containers = [], cgroups } = this.#filter;
    if (cgroups !== undefined && !this.#cgroups.some((own) => isBelow(path, own))) return 'no';
    if (isOfPods(this.#filter)) {
      const { podUid } = cgroupIdentity(path);
      const pod = podUid === undefined ? undefined : this.#pods.get(podUid);
      // A pod that the server has not told of yet will be looked at when it does.
      if (pod === undefined || !this.#fits(pod)) return 'no';
    }
    return containers.length === 0 ? 'yes' : this.#isOneOf(containers, path);
  }

  #fits(pod: Pod): boolean {
    const { namespace } = this.#filter;
    if (namespace !== undefined && pod.namespace !== namespace) return false;
    if (this.#workload !== undefined && !isOf(pod, this.#workload)) return false;
    return matchesLabels(this.#labels, pod.labels);
  }

  #isOneOf(containers: readonly string[], path: string): CgroupMatch {
    const { container, isPending } = this.#directory.ownerOfPath(path);
    const { containerId = '' } = cgroupIdentity(path);
    const byId = containers.some((own) => SHORT_ID.test(own) && containerId.startsWith(own));
    if (byId || (container !== '' && containers.includes(container))) return 'yes';
    return isPending && containerId !== '' ? 'later' : 'no';
  }
}

function isOf({ name, owner, labels }: Pod, workload: Workload): boolean {
  const owned = (kind: string, by: string): boolean => owner?.kind === kind && owner.name === by;
  switch (workload.kind) {
    case 'Pod':
      return name === workload.name;
    case 'Deployment': {
      const hash = labels['pod-template-hash'];
      return hash !== undefined && owned('ReplicaSet', `${workload.name}-${hash}`);
    }
    // Its jobs are called after it and the time at which they were due.
    case 'CronJob':
      return (
        owner?.kind === 'Job' &&
        owner.name.startsWith(`${workload.name}-`) &&
        /^\d+$/.test(owner.name.slice(workload.name.length + 1))
      );
    case 'ReplicaSet':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return owned(workload.kind, workload.name);
  }
}

function fromRoot(path: string, root: string): string {
  const whole = posix.join('/', path).replace(/\/$/, '');
  return whole.startsWith(`${root}/`) ? whole.slice(root.length) : whole;
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`);
}

/** Which processes of its hosts a session is about: those in the control groups of some pods or containers. All of it must fit. */
import { parseLabelSelector } from './label-selector.ts';
import { parseWorkload } from './workload.ts';

export interface ContainerFilter {
  /** A label selector, as that of `kubectl -l`. */
  readonly pods?: string;
  readonly namespace?: string;
  /** `deploy/web` */
  readonly workload?: string;
  /** Names, or ids from 12 digits on; any of them. */
  readonly containers?: readonly string[];
  /** Paths from the root of the hierarchy, or below where it is mounted; any of them. */
  readonly cgroups?: readonly string[];
}

/** What is wrong with it; undefined if nothing is. */
export function containerFilterFault({
  pods,
  namespace,
  workload,
  containers = [],
  cgroups = [],
}: ContainerFilter): string | undefined {
  if (pods !== undefined) {
    const parsed = parseLabelSelector(pods);
    if (!parsed.ok) return parsed.message;
  }
  if (namespace !== undefined && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) {
    return `"${namespace}" is no name of a namespace`;
  }
  if (workload !== undefined && parseWorkload(workload) === undefined) {
    return `"${workload}" is no workload: write deploy/NAME, sts/NAME, ds/NAME, rs/NAME, job/NAME, cronjob/NAME or pod/NAME`;
  }
  if (containers.includes('')) return 'a container has no empty name';
  for (const path of cgroups) {
    if (!path.startsWith('/')) {
      return `the cgroup "${path}" must be a path from the root, such as /system.slice/web.service`;
    }
    if (path === '/') return 'all processes are in the cgroup /: leave it out';
  }
  return undefined;
}

/** Whether it is about pods, and not only about containers of any kind. */
export function isOfPods({ pods, namespace, workload }: ContainerFilter): boolean {
  return pods !== undefined || namespace !== undefined || workload !== undefined;
}

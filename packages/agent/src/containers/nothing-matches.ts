/** What a host says that has nothing of what a session is about. */
import { isOfPods, type ContainerFilter } from '@bpfleet/protocol';

export function nothingMatches(filter: ContainerFilter): string {
  if (isOfPods(filter)) return 'no matching pod';
  return filter.containers === undefined ? 'no such cgroup' : 'no matching container';
}

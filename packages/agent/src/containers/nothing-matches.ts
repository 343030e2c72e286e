/** What a host says that has nothing of what a session is about. */
import { isOfPods, type ContainerFilter } from '@bpfleet/protocol';

/** What an agent knows of pods: nothing outside of Kubernetes, nothing yet, or all of its node. */
export type PodKnowledge = 'none' | 'none-yet' | 'all';

const NO_POD: Readonly<Record<PodKnowledge, string>> = {
  none: 'no matching pod, since its agent follows no Kubernetes node (NODE_NAME, --node)',
  'none-yet': 'no matching pod, since the API server has not answered its agent yet',
  all: 'no matching pod',
};

export function nothingMatches(filter: ContainerFilter, pods: PodKnowledge): string {
  if (isOfPods(filter)) return NO_POD[pods];
  return filter.containers === undefined ? 'no such cgroup' : 'no matching container';
}

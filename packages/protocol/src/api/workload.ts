/** What controls pods, by the names that kubectl has for it: `deploy/web`, `statefulsets/db`, `pod/web-1`. */

export type WorkloadKind =
  'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob' | 'Pod';

export interface Workload {
  readonly kind: WorkloadKind;
  readonly name: string;
}

const KINDS: Readonly<Record<string, WorkloadKind>> = {
  deploy: 'Deployment',
  deployment: 'Deployment',
  deployments: 'Deployment',
  rs: 'ReplicaSet',
  replicaset: 'ReplicaSet',
  replicasets: 'ReplicaSet',
  sts: 'StatefulSet',
  statefulset: 'StatefulSet',
  statefulsets: 'StatefulSet',
  ds: 'DaemonSet',
  daemonset: 'DaemonSet',
  daemonsets: 'DaemonSet',
  job: 'Job',
  jobs: 'Job',
  cj: 'CronJob',
  cronjob: 'CronJob',
  cronjobs: 'CronJob',
  po: 'Pod',
  pod: 'Pod',
  pods: 'Pod',
};

/** Undefined for what is none. */
export function parseWorkload(text: string): Workload | undefined {
  const [, word = '', name = ''] = /^([A-Za-z]+)(?:\.[a-z0-9.]+)?\/([^/\s]+)$/.exec(text) ?? [];
  const kind = Object.hasOwn(KINDS, word.toLowerCase()) ? KINDS[word.toLowerCase()] : undefined;
  return kind === undefined ? undefined : { kind, name };
}

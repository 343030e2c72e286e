/** Pods as an API server sends them: the members that matter among others that do not. */

export const UID = '6f8c1f4e-9d2b-4a57-8c3e-1b2a3c4d5e6f';
export const CONTAINER_ID = '1f2e'.repeat(16);

export interface PodChoices {
  readonly uid?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: readonly [kind: string, name: string];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly containers?: Readonly<Record<string, string>>;
  readonly resourceVersion?: string;
  readonly node?: string;
}

/** `containers`: names by id. */
export function podObject(choices: PodChoices = {}): Readonly<Record<string, unknown>> {
  const {
    uid = UID,
    name = 'web-5d4f8c7b9-x2k4p',
    namespace = 'shop',
    labels = { app: 'web', 'pod-template-hash': '5d4f8c7b9' },
    owner = ['ReplicaSet', 'web-5d4f8c7b9'],
    annotations = {},
    containers = { [CONTAINER_ID]: 'nginx' },
    resourceVersion = '1001',
    node = 'node-1',
  } = choices;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${owner[1]}-`,
      namespace,
      uid,
      resourceVersion,
      creationTimestamp: '2026-05-04T09:12:44Z',
      labels,
      annotations,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: owner[0],
          name: owner[1],
          uid: '0a1b2c3d-0000-4000-8000-000000000001',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      nodeName: node,
      containers: Object.values(containers).map((each) => ({ name: each, image: 'nginx:1.27' })),
    },
    status: {
      phase: 'Running',
      podIP: '10.42.0.17',
      qosClass: 'Burstable',
      containerStatuses: Object.entries(containers).map(([id, each]) => ({
        name: each,
        state: { running: { startedAt: '2026-05-04T09:12:46Z' } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: 'docker.io/library/nginx:1.27',
        imageID: 'docker.io/library/nginx@sha256:0',
        containerID: `containerd://${id}`,
        started: true,
      })),
    },
  };
}

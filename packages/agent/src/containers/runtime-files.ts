/** What container runtimes write about a container on its host: names before any API server knows them, and without one. */
import { readFileSync } from 'node:fs';

export interface ContainerNames {
  readonly container: string;
  readonly pod?: string;
  readonly namespace?: string;
}

interface RuntimeFile {
  readonly path: (id: string) => string;
  /** Undefined if it says nothing of this container. */
  readonly names: (json: Fields, id: string) => ContainerNames | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The kubelet's word for the container that holds a pod's namespaces. */
const SANDBOX = 'POD';

const containerdTasks = [
  '/run/containerd/io.containerd.runtime.v2.task/k8s.io',
  '/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io',
  '/run/containerd/io.containerd.runtime.v2.task/default',
];

const FILES: readonly RuntimeFile[] = [
  ...containerdTasks.map((tasks) => ({
    path: (id: string) => `${tasks}/${id}/config.json`,
    names: ({ annotations }: Fields) => ofContainerd(fieldsOf(annotations)),
  })),
  {
    path: (id) => `/run/containers/storage/overlay-containers/${id}/userdata/config.json`,
    names: ({ annotations }) => ofCrio(fieldsOf(annotations)),
  },
  {
    path: (id) => `/var/lib/docker/containers/${id}/config.v2.json`,
    names: ofDocker,
  },
  {
    path: () => '/var/lib/containers/storage/overlay-containers/containers.json',
    names: (all, id) => ofPodman(Object.values(all), id),
  },
];

/** Of the containers of the host at this root; nothing is thrown for files that are not there or may not be read. */
export function readContainerNames(id: string, root: string): ContainerNames | undefined {
  if (!/^[0-9a-f]{64}$/.test(id)) return undefined;
  for (const { path, names } of FILES) {
    try {
      const found = names(fieldsOf(JSON.parse(readFileSync(root + path(id), 'utf8'))), id);
      if (found !== undefined) return found;
    } catch {
      // Of another runtime, or being written.
    }
  }
  return undefined;
}

function ofContainerd(annotations: Fields): ContainerNames | undefined {
  const sandbox = textOf(annotations['io.kubernetes.cri.container-type']) === 'sandbox';
  return namesOf(
    sandbox
      ? SANDBOX
      : (annotations['io.kubernetes.cri.container-name'] ?? annotations['nerdctl/name']),
    annotations['io.kubernetes.cri.sandbox-name'],
    annotations['io.kubernetes.cri.sandbox-namespace'],
  );
}

function ofCrio(annotations: Fields): ContainerNames | undefined {
  const sandbox = textOf(annotations['io.kubernetes.cri-o.ContainerType']) === 'sandbox';
  return namesOf(
    sandbox ? SANDBOX : annotations['io.kubernetes.container.name'],
    annotations['io.kubernetes.pod.name'],
    annotations['io.kubernetes.pod.namespace'],
  );
}

function ofDocker({ Name: name, Config: config }: Fields): ContainerNames | undefined {
  const labels = fieldsOf(fieldsOf(config)['Labels']);
  return namesOf(
    labels['io.kubernetes.container.name'] ?? textOf(name)?.replace(/^\//, ''),
    labels['io.kubernetes.pod.name'],
    labels['io.kubernetes.pod.namespace'],
  );
}

function ofPodman(all: readonly unknown[], id: string): ContainerNames | undefined {
  const own = all.map(fieldsOf).find((one) => one['id'] === id);
  const names = own?.['names'];
  return namesOf(Array.isArray(names) ? names[0] : undefined, undefined, undefined);
}

function namesOf(container: unknown, pod: unknown, namespace: unknown): ContainerNames | undefined {
  const name = textOf(container);
  if (name === undefined) return undefined;
  return {
    container: name,
    ...(textOf(pod) === undefined ? {} : { pod: String(pod) }),
    ...(textOf(namespace) === undefined ? {} : { namespace: String(namespace) }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

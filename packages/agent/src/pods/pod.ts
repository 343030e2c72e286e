/** A pod of this node as far as tracing needs it, from the object that the API server sends. */

export interface Pod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who controls it: `ReplicaSet web-5d4f8c7b9`. */
  readonly owner?: { readonly kind: string; readonly name: string };
  /** Names by the runtime's ids, of containers of all kinds that have been started. */
  readonly containers: Readonly<Record<string, string>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for what is no pod. */
export function readPod(object: unknown): Pod | undefined {
  const { metadata, status } = fieldsOf(object);
  const { uid, name, namespace, labels, annotations, ownerReferences } = fieldsOf(metadata);
  if (typeof uid !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') {
    return undefined;
  }
  const owner = listOf(ownerReferences).find(({ controller }) => controller === true);
  return {
    // The cgroups of a static pod are named after the hash of its file, not after its mirror's uid.
    uid: textOf(fieldsOf(annotations)['kubernetes.io/config.hash']) ?? uid,
    name,
    namespace,
    labels: textsOf(labels),
    ...(typeof owner?.['kind'] === 'string' && typeof owner['name'] === 'string'
      ? { owner: { kind: owner['kind'], name: owner['name'] } }
      : {}),
    containers: containersOf(fieldsOf(status)),
  };
}

function containersOf(status: Fields): Readonly<Record<string, string>> {
  const containers: Record<string, string> = {};
  for (const kind of [
    'initContainerStatuses',
    'containerStatuses',
    'ephemeralContainerStatuses',
  ] as const) {
    for (const { name, containerID, state, lastState } of listOf(status[kind])) {
      // The one before it may still be asked about.
      const ids = [
        containerID,
        ...[state, lastState].map((one) => fieldsOf(fieldsOf(one)['terminated'])['containerID']),
      ];
      for (const id of ids) {
        if (typeof id === 'string' && typeof name === 'string') {
          containers[id.replace(/^[^:]*:\/\//, '')] = name;
        }
      }
    }
  }
  return containers;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(fieldsOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

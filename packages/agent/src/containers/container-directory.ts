/** Which container and pod a control group is of, by name. */
import type { CgroupOwner } from '../session/name-source.ts';
import type { PodTable } from '../pods/pod-table.ts';
import { cgroupIdentity, type CgroupIdentity } from './cgroup-identity.ts';
import type { CgroupTree } from './cgroup-tree.ts';
import { readContainerNames, type ContainerNames } from './runtime-files.ts';

const NOBODY: CgroupOwner = { container: '', pod: '', namespace: '', isPending: false };
/** As much of an id as people read. */
const SHORT_ID_LENGTH = 12;

export class ContainerDirectory {
  readonly #tree: Pick<CgroupTree, 'pathOf'> | undefined;
  readonly #pods: PodTable;
  readonly #hostRoot: string;
  /** Of containers that runtimes have written about. */
  readonly #written = new Map<string, ContainerNames>();

  /** `hostRoot`: where the host's files are, seen from here; empty if at `/`. */
  constructor(tree: Pick<CgroupTree, 'pathOf'> | undefined, pods: PodTable, hostRoot: string) {
    this.#tree = tree;
    this.#pods = pods;
    this.#hostRoot = hostRoot;
  }

  ownerOf(id: bigint): CgroupOwner {
    const path = this.#tree?.pathOf(id);
    return path === undefined ? NOBODY : this.ownerOfPath(path);
  }

  ownerOfPath(path: string): CgroupOwner {
    const identity = cgroupIdentity(path);
    const { podUid, containerId, unit } = identity;
    if (podUid === undefined && containerId === undefined) {
      return { ...NOBODY, container: unit ?? '' };
    }
    const pod = podUid === undefined ? undefined : this.#pods.named(podUid);
    const listed = containerId === undefined ? undefined : pod?.containers[containerId];
    const written =
      listed === undefined || pod === undefined ? this.#readNames(identity) : undefined;
    const container = listed ?? written?.container;
    const podName = pod?.name ?? written?.pod;
    return {
      container: container ?? shortId(containerId),
      pod: podName ?? podUid ?? '',
      namespace: pod?.namespace ?? written?.namespace ?? '',
      isPending:
        (containerId !== undefined && container === undefined) ||
        (podUid !== undefined && podName === undefined),
    };
  }

  #readNames({ containerId }: CgroupIdentity): ContainerNames | undefined {
    if (containerId === undefined) return undefined;
    const known = this.#written.get(containerId);
    if (known !== undefined) return known;
    const found = readContainerNames(containerId, this.#hostRoot);
    if (found !== undefined) this.#written.set(containerId, found);
    return found;
  }
}

function shortId(id: string | undefined): string {
  if (id === undefined) return '';
  return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, SHORT_ID_LENGTH) : id;
}

/** Keeps the kernel's map of the control groups that a session is about current, from when it is loaded until it ends. */
import type { BpfMap } from '@bpfleet/bpf';
import { MAX_CGROUP_LEVEL } from '@bpfleet/lang';
import { isOfPods, type ContainerFilter } from '@bpfleet/protocol';
import { messageOf } from '../message-of.ts';
import { ContainerMatch } from './container-match.ts';
import type { Cgroup, CgroupListener } from './cgroup-tree.ts';
import type { HostContainers } from './host-containers.ts';

export interface CgroupFilterOptions {
  readonly filter: ContainerFilter;
  readonly containers: HostContainers;
  /** Called for the first group, at once if there is one. */
  readonly onMatch: () => void;
  /** Called when a group has no room in the map. */
  readonly onFault: (message: string) => void;
}

/** How soon a container whose name nobody knew is looked at again. */
const LOOK_AGAIN_MS = 100;

const NO_GROUPS =
  'this host has no cgroup version 2, by which processes could be told apart: see docs/pods.md';

const PART_ONLY =
  "the agent sees the cgroups of its own container only, and no pods: mount the host's /sys/fs/cgroup into it";

export class CgroupFilter implements Disposable {
  readonly #map: Pick<BpfMap, 'update' | 'delete'>;
  readonly #options: CgroupFilterOptions;
  readonly #match: ContainerMatch;
  readonly #inside = new Set<bigint>();
  readonly #unsure = new Map<bigint, Cgroup>();
  readonly #timer: NodeJS.Timeout;
  readonly #unfollow: () => void;
  #hasMatched = false;

  /** Throws Error where the kernel has no groups that programs can tell apart. */
  constructor(map: Pick<BpfMap, 'update' | 'delete'>, options: CgroupFilterOptions) {
    const { containers, filter } = options;
    const { tree, pods, directory } = containers;
    if (tree === undefined) throw new Error(NO_GROUPS);
    if (isOfPods(filter) && !tree.isWhole) throw new Error(PART_ONLY);
    this.#map = map;
    this.#options = options;
    this.#match = new ContainerMatch(filter, pods, directory, tree.root);
    const onGroup: CgroupListener = (cgroup, event) => {
      if (event === 'gone') this.#forget(cgroup.id);
      else this.#look(cgroup);
    };
    const lookAtAll = (): void => {
      for (const cgroup of tree.live) this.#look(cgroup);
    };
    tree.follow(onGroup);
    const stopPods = pods.onChange(lookAtAll);
    this.#unfollow = (): void => {
      tree.unfollow(onGroup);
      stopPods();
    };
    this.#timer = setInterval(() => {
      for (const cgroup of this.#unsure.values()) this.#look(cgroup);
    }, LOOK_AGAIN_MS);
    this.#timer.unref();
    lookAtAll();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#unfollow();
  }

  #look(cgroup: Cgroup): void {
    const match = this.#match.of(cgroup.path);
    if (match === 'later') this.#unsure.set(cgroup.id, cgroup);
    else this.#unsure.delete(cgroup.id);
    if (match === 'yes') this.#enter(cgroup);
    else this.#leave(cgroup.id);
  }

  #enter({ id, path }: Cgroup): void {
    // Deeper, one above it is in the map, which is enough, unless what was asked for is out of reach.
    if (this.#inside.has(id) || path.split('/').length - 1 > MAX_CGROUP_LEVEL) return;
    try {
      this.#map.update(bytesOf(id), bytesOf(1n));
    } catch (error) {
      this.#options.onFault(`processes of cgroup ${path} are not traced: ${messageOf(error)}`);
      return;
    }
    this.#inside.add(id);
    if (this.#hasMatched) return;
    this.#hasMatched = true;
    this.#options.onMatch();
  }

  #leave(id: bigint): void {
    if (this.#inside.delete(id)) this.#map.delete(bytesOf(id));
  }

  #forget(id: bigint): void {
    this.#unsure.delete(id);
    this.#leave(id);
  }
}

function bytesOf(word: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(word).buffer);
}

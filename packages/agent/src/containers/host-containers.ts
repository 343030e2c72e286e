/** The control groups of this host and whose they are; nothing is read before it is asked for. */
import { existsSync } from 'node:fs';
import type { PodTable } from '../pods/pod-table.ts';
import { cgroupRoot, CgroupTree } from './cgroup-tree.ts';
import { ContainerDirectory } from './container-directory.ts';

/** The host's files, seen from a container that shares its processes. */
const HOST_ROOT = '/proc/1/root';

export class HostContainers {
  readonly pods: PodTable;
  readonly #root: string | undefined;
  #tree: CgroupTree | undefined;
  #directory: ContainerDirectory | undefined;

  /** `root`: where version 2 of control groups is mounted; looked up without. */
  constructor(pods: PodTable, root: string | undefined = cgroupRoot()) {
    this.pods = pods;
    this.#root = root;
  }

  /** Undefined where the kernel has version 1 only, whose groups programs cannot tell apart. */
  get tree(): CgroupTree | undefined {
    if (this.#root !== undefined) this.#tree ??= new CgroupTree(this.#root);
    return this.#tree;
  }

  get directory(): ContainerDirectory {
    this.#directory ??= new ContainerDirectory(this.tree, this.pods, hostRoot());
    return this.#directory;
  }

  /** Groups that come and go from now on have names afterwards. */
  follow(): void {
    this.tree?.follow(() => undefined);
  }
}

/** Reading it takes CAP_SYS_PTRACE. */
function hostRoot(): string {
  return existsSync(`${HOST_ROOT}/proc`) ? HOST_ROOT : '';
}

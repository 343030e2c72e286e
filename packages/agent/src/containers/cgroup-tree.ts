/**
 * The control groups of this host by the kernel's id, which is the inode of their directory in cgroupfs of version 2; kept
 * current while somebody needs it. The paths of groups that are gone are remembered, for their names are asked for later.
 */
import { readdirSync, readFileSync, statSync, watch, type FSWatcher } from 'node:fs';

export interface Cgroup {
  readonly id: bigint;
  /** From the root of the hierarchy, which is `/`. */
  readonly path: string;
}

export type CgroupListener = (cgroup: Cgroup, event: 'made' | 'gone') => void;

/** The kernel tells of groups as they come; it forgets to when too many come at once, or it may not be asked. */
const LOOK_AGAIN_MS = 2000;
/** Of the root of every hierarchy: https://github.com/torvalds/linux/blob/v6.12/fs/kernfs/dir.c */
const ROOT_INODE = 1n;
/** Groups that are gone and still have names. */
const MAX_REMEMBERED = 1 << 16;

/** Where version 2 is mounted, the host's own before what a container sees of it; undefined without it. */
export function cgroupRoot(
  mounts: string = readFileSync('/proc/self/mounts', 'utf8'),
): string | undefined {
  const found = mounts.split('\n').flatMap((line) => {
    const [, mount, type] = line.split(' ');
    return type === 'cgroup2' && mount !== undefined ? [mount] : [];
  });
  return found.find((mount) => inodeOf(mount) === ROOT_INODE) ?? found[0];
}

export class CgroupTree implements Disposable {
  readonly root: string;
  readonly #live = new Map<string, Cgroup>();
  readonly #byId = new Map<bigint, string>();
  readonly #gone = new Set<bigint>();
  readonly #listeners = new Set<CgroupListener>();
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string) {
    this.root = root;
    this.#add('');
  }

  /** False in a container that sees its own part only. */
  get isWhole(): boolean {
    return this.#live.get('')?.id === ROOT_INODE;
  }

  get live(): Iterable<Cgroup> {
    return this.#live.values();
  }

  /** Also of groups that are gone; undefined for one that came and went unseen. */
  pathOf(id: bigint): string | undefined {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    this.#lookAgain();
    return this.#byId.get(id);
  }

  /** Follows what comes and goes from now on; `listener` has been told of nothing before. */
  follow(listener: CgroupListener): void {
    this.#listeners.add(listener);
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#lookAgain(), LOOK_AGAIN_MS);
    this.#timer.unref();
    for (const path of this.#live.keys()) this.#watch(path);
    // What was made before it was watched.
    this.#lookAgain();
  }

  unfollow(listener: CgroupListener): void {
    this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#listeners.clear();
  }

  #directory(path: string): string {
    return this.root + path;
  }

  #lookAgain(): void {
    for (const path of [...this.#live.keys()]) {
      const now = inodeOf(this.#directory(path));
      if (now !== this.#live.get(path)?.id) this.#forget(path);
      else this.#addChildren(path);
    }
    if (!this.#live.has('')) this.#add('');
  }

  #add(path: string): void {
    const id = inodeOf(this.#directory(path));
    if (id === undefined) return;
    const before = this.#live.get(path);
    if (before !== undefined && before.id !== id) this.#forget(path);
    if (before?.id !== id) {
      const cgroup = { id, path: path || '/' };
      this.#live.set(path, cgroup);
      this.#byId.set(id, cgroup.path);
      if (this.#timer !== undefined) this.#watch(path);
      for (const listener of this.#listeners) listener(cgroup, 'made');
    }
    this.#addChildren(path);
  }

  #addChildren(path: string): void {
    for (const name of childrenOf(this.#directory(path))) {
      const child = `${path}/${name}`;
      if (!this.#live.has(child)) this.#add(child);
    }
  }

  /** With all that was in it. */
  #forget(path: string): void {
    for (const [each, cgroup] of this.#live) {
      if (each !== path && !each.startsWith(`${path}/`)) continue;
      this.#live.delete(each);
      this.#watchers.get(each)?.close();
      this.#watchers.delete(each);
      this.#remember(cgroup.id);
      for (const listener of this.#listeners) listener(cgroup, 'gone');
    }
  }

  #remember(id: bigint): void {
    this.#gone.add(id);
    if (this.#gone.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#gone) {
      this.#gone.delete(oldest);
      this.#byId.delete(oldest);
      return;
    }
  }

  #watch(path: string): void {
    if (this.#watchers.has(path)) return;
    try {
      const watcher = watch(this.#directory(path), { persistent: false }, (event, name) => {
        if (event === 'rename' && name !== null) this.#changed(path, name);
      });
      // Its directory is gone, or the kernel has no more watches to give: it is looked at again anyway.
      watcher.on('error', () => watcher.close());
      this.#watchers.set(path, watcher);
    } catch {
      // As above.
    }
  }

  #changed(path: string, name: string): void {
    const child = `${path}/${name}`;
    const id = inodeOf(this.#directory(child));
    if (id === undefined) this.#forget(child);
    else this.#add(child);
  }
}

function inodeOf(path: string): bigint | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found?.isDirectory() === true ? found.ino : undefined;
}

function childrenOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // It went while we looked.
    return [];
  }
}

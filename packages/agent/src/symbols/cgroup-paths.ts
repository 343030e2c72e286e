/** Paths of the control groups of this host by id: the inode of their directory in cgroupfs. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One mounted hierarchy: `unified` of version 2, else the name of its directory, such as `memory`. */
export interface CgroupHierarchy {
  readonly name: string;
  readonly paths: ReadonlyMap<bigint, string>;
}

/** Version 2 first, the others by name, as bpftrace prints them. */
export function cgroupHierarchies(
  mounts: string = readFileSync('/proc/self/mounts', 'utf8'),
): readonly CgroupHierarchy[] {
  const unified: CgroupHierarchy[] = [];
  const others: CgroupHierarchy[] = [];
  for (const line of mounts.split('\n')) {
    const [, mount, type] = line.split(' ');
    if (mount === undefined || (type !== 'cgroup2' && type !== 'cgroup')) continue;
    const paths = new Map<bigint, string>();
    collect(mount, mount, paths);
    if (type === 'cgroup2') unified.push({ name: 'unified', paths });
    else others.push({ name: basename(mount), paths });
  }
  others.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...unified, ...others];
}

/** `unified:/system.slice/ssh.service`, of each hierarchy that has the group; undefined if none has. */
export function cgroupPathText(
  hierarchies: readonly CgroupHierarchy[],
  id: bigint,
  isWanted: (name: string) => boolean,
): string | undefined {
  const found = hierarchies
    .filter(({ name, paths }) => isWanted(name) && paths.has(id))
    .map(({ name, paths }) => `${name}:${paths.get(id) ?? ''}`);
  return found.length === 0 ? undefined : found.join(',');
}

function collect(root: string, directory: string, paths: Map<bigint, string>): void {
  try {
    const inode = statSync(directory, { bigint: true }).ino;
    paths.set(inode, directory.slice(root.length) || '/');
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) collect(root, join(directory, entry.name), paths);
    }
  } catch {
    // A group may vanish while we look; what is gone needs no name.
  }
}

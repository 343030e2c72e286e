/** Paths of the control groups of this host by id: the inode of their directory in cgroupfs. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** As `unified:/system.slice/ssh.service`, the way bpftrace prints them. */
export function cgroupPaths(
  mounts: string = readFileSync('/proc/self/mounts', 'utf8'),
): ReadonlyMap<bigint, string> {
  const paths = new Map<bigint, string>();
  for (const line of mounts.split('\n')) {
    const [, mount, type] = line.split(' ');
    if (type === 'cgroup2' && mount !== undefined) collect(mount, mount, paths);
  }
  return paths;
}

function collect(root: string, directory: string, paths: Map<bigint, string>): void {
  try {
    const inode = statSync(directory, { bigint: true }).ino;
    paths.set(inode, `unified:${directory.slice(root.length) || '/'}`);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) collect(root, join(directory, entry.name), paths);
    }
  } catch {
    // A group may vanish while we look; what is gone needs no name.
  }
}

/** The BPF programs that processes of this machine hold, by the kernel's ids. */
import { readdirSync, readFileSync } from 'node:fs';

/** All processes. */
export function allPids() {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
}

/**
 * Ids of all programs reachable through a file descriptor of these processes: programs themselves, and links to them.
 *
 * @param {readonly string[]} pids
 */
export function bpfProgramIds(pids) {
  /** @type {Set<string>} */
  const ids = new Set();
  for (const pid of pids) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
        const id = /^prog_id:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1'));
        if (id?.[1] !== undefined) ids.add(id[1]);
      }
    } catch {
      // The process is gone, or the descriptor.
    }
  }
  return ids;
}

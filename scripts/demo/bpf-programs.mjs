/** The BPF programs that processes of this machine hold, by the kernel's ids. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of all programs reachable through a file descriptor: programs themselves, and links to them. */
export function bpfProgramIds() {
  /** @type {Set<string>} */
  const ids = new Set();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
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

/** What processes hold at a moment: memory, descriptors, and files on disk. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { descendants } from '../../test/support/bpf-programs.ts';

export interface ProcessSample {
  /** Resident bytes, of the process alone. */
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly children: number;
}

/** Zeros for a process that has ended. */
export function sampleProcess(pid: number): ProcessSample {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    return {
      residentBytes: kilobytes * 1024,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      children: descendants(pid).length,
    };
  } catch {
    return { residentBytes: 0, descriptors: 0, children: 0 };
  }
}

/** Of all files below a folder, as they lie on the disk; files may go while they are looked at. */
export function folderBytes(folder: string): number {
  let total = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) total += folderBytes(path);
      else total += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    return total;
  }
  return total;
}

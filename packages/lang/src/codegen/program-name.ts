/** Names of kernel programs, as `bpftool prog` shows them. */
import type { CheckedProbe } from '../analysis/checked-program.ts';

/** Linux before 6.1 has no longer names of functions; of the program's own name it keeps 15 characters. */
const MAX_LENGTH = 127;

/** `kprobe_vfs_read_1` for the first program, `index` 1, on `kprobe:vfs_read`. */
export function programName({ name }: CheckedProbe, index: number): string {
  const end = `_${index}`;
  return name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, MAX_LENGTH - end.length) + end;
}

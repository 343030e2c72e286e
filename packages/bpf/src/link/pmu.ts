/** Performance monitoring units that the kernel numbers when it boots. */
import { readFileSync } from 'node:fs';

/** The type number of a unit such as `uprobe`; undefined if this kernel has none. */
export function pmuType(name: 'kprobe' | 'uprobe'): number | undefined {
  try {
    return Number(readFileSync(`/sys/bus/event_source/devices/${name}/type`, 'utf8'));
  } catch {
    return undefined;
  }
}

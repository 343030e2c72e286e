/** A session whose programs unwind stacks: its map of rows is made as large as the tables are, then filled. */
import type { ProcessEvent } from '@bpfleet/bpf';
import { KERNEL_MAPS, type SessionSpec } from '@bpfleet/lang';
import type { KernelObjects } from '../session/kernel-objects.ts';
import { UnwindTables } from './unwind-tables.ts';

export interface UnwindSetup {
  readonly spec: SessionSpec;
  readonly fill: (objects: KernelObjects) => void;
  /** Takes in what the processes map later, and their children. */
  readonly follow: (events: readonly ProcessEvent[]) => void;
}

/** @throws Error if it needs tables and no process is named. */
export function withUnwindTables(spec: SessionSpec, pids: readonly number[]): UnwindSetup {
  if (!spec.usesUnwinding) return { spec, fill: () => undefined, follow: () => undefined };
  if (pids.length === 0) {
    throw new Error(
      'dw_ustack requires a target process. Use -p, -c, or --dwarf-pid to specify one.',
    );
  }
  const tables = new UnwindTables(pids);
  return {
    spec: {
      ...spec,
      maps: spec.maps.map((map) =>
        map.name === KERNEL_MAPS.unwindRows ? { ...map, maxEntries: tables.room } : map,
      ),
    },
    fill: (objects) => {
      const rows = objects.map(KERNEL_MAPS.unwindRows);
      const mappings = objects.map(KERNEL_MAPS.unwindMappings);
      tables.writeTo({
        writeBlock: (index, block) => rows.update(key(index), block),
        writeProcess: (pid, value) => mappings.update(key(pid), value),
      });
    },
    follow: (events) => tables.follow(events),
  };
}

function key(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number, true);
  return bytes;
}

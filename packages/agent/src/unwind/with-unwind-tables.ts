/** A session whose programs unwind stacks: its map of rows is made as large as the tables are, then filled. */
import { KERNEL_MAPS, type SessionSpec } from '@bpfleet/lang';
import type { KernelObjects } from '../session/kernel-objects.ts';
import { UnwindTables } from './unwind-tables.ts';

export interface UnwindSetup {
  readonly spec: SessionSpec;
  readonly fill: (objects: KernelObjects) => void;
}

/** @throws Error if it needs tables and no process is named. */
export function withUnwindTables(spec: SessionSpec, pids: readonly number[]): UnwindSetup {
  if (!spec.usesUnwinding) return { spec, fill: () => undefined };
  if (pids.length === 0) {
    throw new Error(
      'dw_ustack requires a target process. Use -p, -c, or --dwarf-pid to specify one.',
    );
  }
  const tables = new UnwindTables(pids);
  const { blocks } = tables;
  return {
    spec: {
      ...spec,
      maps: spec.maps.map((map) =>
        map.name === KERNEL_MAPS.unwindRows ? { ...map, maxEntries: blocks.length } : map,
      ),
    },
    fill: (objects) => {
      const rows = objects.map(KERNEL_MAPS.unwindRows);
      blocks.forEach((block, index) => rows.update(key(index), block));
      const mappings = objects.map(KERNEL_MAPS.unwindMappings);
      for (const [pid, value] of tables.mappings) mappings.update(key(pid), value);
    },
  };
}

function key(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number, true);
  return bytes;
}

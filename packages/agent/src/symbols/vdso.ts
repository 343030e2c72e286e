/** The code that the kernel maps into every process, an ELF file in memory alone. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { parseProcessMaps } from './process-maps.ts';

/** Undefined where there is none. It is the same for all programs of this architecture, so ours will do. */
export function readVdso(): Uint8Array | undefined {
  const mappings = parseProcessMaps(readFileSync('/proc/self/maps', 'utf8'));
  const vdso = mappings.find(({ path }) => path === '[vdso]');
  if (vdso === undefined) return undefined;
  const memory = openSync('/proc/self/mem', 'r');
  try {
    const bytes = Buffer.alloc(Number(vdso.end - vdso.start));
    const count = readSync(memory, bytes, 0, bytes.length, vdso.start);
    return bytes.subarray(0, count);
  } finally {
    closeSync(memory);
  }
}

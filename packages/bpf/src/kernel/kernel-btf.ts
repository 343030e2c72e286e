/** The type information of the running kernel and its modules. */
import { readFileSync } from 'node:fs';
import { Btf } from '../btf/btf.ts';

const DIRECTORY = '/sys/kernel/btf';

/** The BTF of vmlinux; undefined for a kernel without (CONFIG_DEBUG_INFO_BTF; Linux 5.4). */
export function readKernelBtf(): Btf | undefined {
  const bytes = readBtfImage('vmlinux');
  return bytes === undefined ? undefined : new Btf(bytes);
}

/** As the kernel gives it: of `vmlinux`, or of a loaded module, which rests on that of vmlinux. */
export function readBtfImage(module: string): Uint8Array | undefined {
  return /^\w+$/.test(module) ? readIfPresent(`${DIRECTORY}/${module}`) : undefined;
}

/** The BTF of a loaded module, such as `btrfs`, on top of that of vmlinux. Linux 5.11. */
export function readModuleBtf(module: string, vmlinux: Btf): Btf | undefined {
  const bytes = readBtfImage(module);
  return bytes === undefined ? undefined : new Btf(bytes, vmlinux);
}

function readIfPresent(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`read the kernel's types from ${path}`, { cause: error });
  }
}

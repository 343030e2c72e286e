/** Builds the initramfs of a VM: busybox, the modules for the host's root over 9p, and the command to run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cpio } from './cpio.ts';
import { modulesInLoadOrder, requireModules } from './kernel-modules.ts';

const FOLDERS = ['bin', 'dev', 'modules', 'mnt', 'mnt/host', 'mnt/overlay', 'mnt/root', 'proc'];
const MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

/**
 * @param modulesFolder `lib/modules/<release>` of the kernel
 * @param command shell script, run in the host's root
 * @param more modules to load beside those that the root needs
 */
export function initramfs(
  modulesFolder: string | undefined,
  command: string,
  more: readonly string[],
): Buffer {
  if (modulesFolder !== undefined) requireModules(modulesFolder, MODULES);
  const modules = modulesInLoadOrder(modulesFolder, [...MODULES, ...more]);
  const order = modules.map(({ name }) => `${name}\n`).join('');
  return gzipSync(
    cpio([
      ...FOLDERS.map((path) => ({ path, mode: 0o040755 })),
      { path: 'init', mode: 0o100755, data: readFileSync(join(import.meta.dirname, 'init.sh')) },
      { path: 'command', mode: 0o100644, data: Buffer.from(command) },
      { path: 'bin/busybox', mode: 0o100755, data: readFileSync('/bin/busybox') },
      { path: 'modules/order', mode: 0o100644, data: Buffer.from(order) },
      ...modules.map(({ name, data }) => ({ path: `modules/${name}.ko`, mode: 0o100644, data })),
    ]),
    { level: 1 },
  );
}

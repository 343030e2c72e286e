/** What `npm run vm` is asked to do. */

export const VM_USAGE = `Runs a shell command in a VM: this folder, this machine's files, another kernel.

  npm run vm -- KERNEL COMMAND…

KERNEL is a series of Debian's, such as 6.1 or 6.12 (the newest that apt knows, unpacked into node_modules/.cache),
or the path of a vmlinuz, with its modules beside it in RELEASE, modules/RELEASE or lib/modules/RELEASE.
The command sees the files of this machine; what it changes is gone when it ends. Its exit code is that of this one.

  npm run vm -- 6.12 uname -a
  npm run vm -- ./vmlinuz 'npm run build && node packages/cli/bin/bpfleet.js local --info'
`;

export type VmCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly kernel: string; readonly command: string };

/** @throws with what is missing */
export function parseVmCommand([kernel, ...words]: readonly string[]): VmCommand {
  if (kernel === '--help' || kernel === '-h') return { kind: 'help' };
  if (kernel === undefined) throw new Error(`vm: say which kernel, and a command\n\n${VM_USAGE}`);
  if (!kernel.includes('/') && !/^\d+\.\d+$/.test(kernel)) {
    throw new Error(`vm: ${kernel} is neither a series such as 6.12 nor a path with a slash`);
  }
  if (words.length === 0) throw new Error(`vm: say what to run on ${kernel}`);
  return { kind: 'run', kernel, command: words.join(' ') };
}

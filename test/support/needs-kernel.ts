/** Says why a test of the kernel tier cannot run here. */

/** For the `skip` option of a test: false as root, else the reason. */
export function notRoot(): string | false {
  return process.getuid?.() === 0 ? false : 'needs root to load BPF programs';
}

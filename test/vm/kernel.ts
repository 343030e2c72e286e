/** A kernel that a VM can boot: Debian's, or an operator's. */

export interface Kernel {
  readonly origin: 'debian' | 'operator';
  /** What people call it, such as `6.12`. */
  readonly series: string;
  /** What it is called exactly: a package or a file. */
  readonly name: string;
  /** The file that qemu boots. */
  readonly image: string;
  /** `lib/modules/<release>`; a kernel may have everything built in. */
  readonly modules: string | undefined;
}

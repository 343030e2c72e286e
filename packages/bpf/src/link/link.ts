/** An attached program. The kernel also detaches it when the process ends, however it ends. */
import type { Fd } from '../sys/fd.ts';

export interface Link extends Disposable {
  /** The attach point as the user wrote it. */
  readonly probe: string;
  /**
   * Detaches, and resolves when no run of the program is under way any more. Detaching a perf event takes the
   * kernel tens of milliseconds, so this waits on worker threads: detach many links at once. Never rejects.
   */
  detach(): Promise<void>;
}

/** A link that lasts as long as its descriptors. */
export class FdLink implements Link {
  readonly probe: string;
  readonly #fds: readonly Fd[];

  /** Takes ownership of the descriptors, given in the order in which to close them. */
  constructor(probe: string, fds: readonly Fd[]) {
    this.probe = probe;
    this.#fds = fds;
  }

  async detach(): Promise<void> {
    await Promise.allSettled(this.#fds.map((fd) => fd.closeAsync()));
  }

  [Symbol.dispose](): void {
    for (const fd of this.#fds) fd.close();
  }
}

/** Detaches all at the same time. */
export async function detachAll(links: readonly Link[]): Promise<void> {
  await Promise.all(links.map((link) => link.detach()));
}

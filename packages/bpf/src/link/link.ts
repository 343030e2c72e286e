/** An attached program. The kernel also detaches it when the process ends, however it ends. */
import type { Fd } from '../sys/fd.ts';

/**
 * Detaching has two steps. Stopping a program of a perf event waits for a grace period of RCU, about 30 ms, and
 * many can wait for the same one. Giving the event back takes as long again, one after the other, because the
 * kernel does it under one lock; nobody needs to wait for that, and the end of the process does it too.
 */
export interface Link extends Disposable {
  /** The attach point as the user wrote it. */
  readonly probe: string;
  /** Resolves when the program does not run any more. Stop many links at once with `stopAll`. */
  stop(): Promise<void>;
  /** What is left of a stopped link: the caller owns it, and the kernel forgets the probe when it is closed. */
  takeEvents(): readonly Fd[];
  /** Stops, and resolves when the kernel has forgotten the probe. */
  detach(): Promise<void>;
}

/** A link that lasts as long as its descriptors. */
export class FdLink implements Link {
  readonly probe: string;
  readonly #programFds: readonly Fd[];
  #eventFds: readonly Fd[];

  /** Takes ownership: closing `programFds` stops the program, `eventFds` are what it was attached to. */
  constructor(probe: string, programFds: readonly Fd[], eventFds: readonly Fd[] = []) {
    this.probe = probe;
    this.#programFds = programFds;
    this.#eventFds = eventFds;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programFds.map((fd) => fd.closeAsync()));
  }

  takeEvents(): readonly Fd[] {
    const events = this.#eventFds;
    this.#eventFds = [];
    return events;
  }

  async detach(): Promise<void> {
    await this.stop();
    // One at a time: more would only occupy worker threads that file access needs.
    for (const fd of this.takeEvents()) await fd.closeAsync();
  }

  [Symbol.dispose](): void {
    for (const fd of [...this.#programFds, ...this.#eventFds]) fd.close();
  }
}

/** Resolves when none of the programs runs any more. */
export async function stopAll(links: readonly Link[]): Promise<void> {
  await Promise.all(links.map((link) => link.stop()));
}

/** Stops all at once, then waits until the kernel has forgotten all probes. */
export async function detachAll(links: readonly Link[]): Promise<void> {
  await stopAll(links);
  for (const link of links) await link.detach();
}

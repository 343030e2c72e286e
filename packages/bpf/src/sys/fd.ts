/**
 * An owned file descriptor. Every descriptor the kernel hands to this package is close-on-exec: bpf(2) and
 * its anonymous inodes always are, perf_event_open(2) is asked for it.
 */
import type { KernelCalls } from './kernel-calls.ts';

/** Where each open descriptor was created; set while a test looks for leaks. */
let openFds: Map<Fd, Error> | undefined;

/** Records the creation of every descriptor from now on; what is left in the map has leaked. */
export function trackFds(): ReadonlyMap<Fd, Error> {
  openFds ??= new Map();
  return openFds;
}

export class Fd {
  readonly #calls: KernelCalls;
  #number: number;

  /** Takes ownership of `number`. `what` names it in a leak report. */
  constructor(number: number, calls: KernelCalls, what: string) {
    this.#number = number;
    this.#calls = calls;
    openFds?.set(this, new Error(`descriptor ${number} (${what}) was opened here`));
  }

  /** The number, to pass to a system call. Throws once the descriptor is closed. */
  get number(): number {
    if (this.#number < 0) throw new Error('use of a closed file descriptor');
    return this.#number;
  }

  get isOpen(): boolean {
    return this.#number >= 0;
  }

  /** Closes; a second call does nothing. */
  close(): void {
    const number = this.#release();
    if (number >= 0) this.#calls.close(number);
  }

  /** Closes on a worker thread; for descriptors whose last close waits for the kernel. */
  async closeAsync(): Promise<void> {
    const number = this.#release();
    if (number >= 0) await this.#calls.closeAsync(number);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #release(): number {
    const number = this.#number;
    this.#number = -1;
    openFds?.delete(this);
    return number;
  }
}

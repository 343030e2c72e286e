/** Iterators: the kernel walks over its objects and calls a program for each while somebody reads. */
import { readSync } from 'node:fs';
import { mountBpffsFor } from '../kernel/bpffs.ts';
import type { Program } from '../program/program.ts';
import { iterCreate, linkCreate, objPin } from '../sys/bpf.ts';
import { BPF_TRACE_ITER } from '../sys/constants.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { attaching } from './attach-error.ts';
import { FdLink } from './link.ts';

const CHUNK_BYTES = 64 << 10;

export class IteratorLink extends FdLink {
  /** Where it is to be left for others to read. */
  readonly pinPath: string | undefined;
  readonly #calls: KernelCalls;
  readonly #link: Fd;

  private constructor(probe: string, pinPath: string | undefined, link: Fd, calls: KernelCalls) {
    super(probe, [link]);
    this.pinPath = pinPath;
    this.#link = link;
    this.#calls = calls;
  }

  /** For a program of type `tracing`, loaded for its iterator. Linux 5.8. Throws AttachError. */
  static attach(
    calls: KernelCalls,
    program: Program,
    probe: string,
    pinPath?: string,
  ): IteratorLink {
    return attaching(probe, () => {
      const target = { kind: 'tracing' } as const;
      const attr = {
        programFd: program.fd.number,
        targetFd: 0,
        attachType: BPF_TRACE_ITER,
        target,
      };
      return new IteratorLink(probe, pinPath, linkCreate(calls, attr), calls);
    });
  }

  /** Walks over everything once; yields what the program wrote, and between that nothing, so that others get a turn. */
  *read(): Generator<Uint8Array> {
    using iterator = iterCreate(this.#calls, this.#link);
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const count = readSync(iterator.number, buffer);
      if (count === 0) return;
      yield buffer.slice(0, count);
    }
  }

  /** Leaves the iterator in a BPF file system, where each who reads the file runs it. Throws where that fails. */
  pin(path: string): void {
    try {
      mountBpffsFor(path, this.#calls);
      objPin(this.#calls, this.#link, path);
    } catch (error) {
      throw new Error(`Failed to pin iter probe link to ${path}`, { cause: error });
    }
  }
}

/**
 * Lists of functions that just-in-time compilers made, by process. A runtime in a container writes its list where only
 * the container sees it, under the number that the process has there: both are looked up while it lives.
 */
import { PerfMapFile } from './perf-map-file.ts';

/** Of so many processes that make code the lists stay within reach. */
const MAX_PROCESSES = 512;
/** What the kernel calls memory of no file in which code is made. */
const OF_NO_FILE = /^(?:$|\/\/anon|\[heap\]|\/memfd:|\/dev\/zero)/;

export class MadeCode implements Disposable {
  readonly #lists = new Map<number, PerfMapFile>();

  /** A process can run what is in a mapping that is called so. */
  mapped(pid: number, path: string): void {
    if (!OF_NO_FILE.test(path) || this.#lists.has(pid)) return;
    const [oldest] = this.#lists.keys();
    if (this.#lists.size >= MAX_PROCESSES && oldest !== undefined) this.forget(oldest);
    const list = new PerfMapFile(pid);
    list.hold();
    this.#lists.set(pid, list);
  }

  /** What it has made is still asked for; nothing will be added. */
  ended(pid: number): void {
    const list = this.#lists.get(pid);
    list?.update();
    list?.release();
  }

  /** It is another program now, or its number another process's. */
  forget(pid: number): void {
    this.#lists.get(pid)?.release();
    this.#lists.delete(pid);
  }

  find(pid: number): PerfMapFile | undefined {
    return this.#lists.get(pid);
  }

  [Symbol.dispose](): void {
    for (const pid of [...this.#lists.keys()]) this.forget(pid);
  }
}

/** The perf map of one process, read on as the runtime writes on. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
} from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { UserSymbol } from './code-place.ts';
import { PerfMap } from './perf-map.ts';

/** What is written beyond that is not read: a runtime that lists so much has lost its way, or means harm. */
const MAX_BYTES = 256 << 20;
const CHUNK_BYTES = 1 << 20;
/** No symbolic link, no waiting for a named pipe: the file is in the hands of whoever runs there. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export class PerfMapFile {
  readonly #pid: number;
  /** The process's number as it knows itself, in a container. */
  readonly #innerPid: string;
  #map = new PerfMap();
  #decoder = new StringDecoder('utf8');
  #inode: number | undefined;
  #readBytes = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#innerPid = innermostPid(pid);
  }

  find(address: bigint): UserSymbol | undefined {
    const known = this.#map.find(address);
    if (known !== undefined) return known;
    return this.#readOn() ? this.#map.find(address) : undefined;
  }

  /** Whether there was more to read. As the process sees the file; as we see it when the process is gone. */
  #readOn(): boolean {
    const file = this.#open();
    if (file === undefined) return false;
    try {
      const stats = fstatSync(file);
      return stats.isFile() && this.#readFile(file, stats);
    } catch {
      return false;
    } finally {
      closeSync(file);
    }
  }

  #open(): number | undefined {
    for (const path of [
      `/proc/${this.#pid}/root/tmp/perf-${this.#innerPid}.map`,
      `/tmp/perf-${this.#pid}.map`,
    ]) {
      try {
        return openSync(path, FLAGS);
      } catch {
        continue;
      }
    }
    return undefined;
  }

  #readFile(file: number, { ino, size }: Stats): boolean {
    if (ino !== this.#inode || size < this.#readBytes) {
      this.#map = new PerfMap();
      this.#decoder = new StringDecoder('utf8');
      this.#inode = ino;
      this.#readBytes = 0;
    }
    const before = this.#readBytes;
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const end = Math.min(size, MAX_BYTES);
    while (this.#readBytes < end) {
      const length = Math.min(CHUNK_BYTES, end - this.#readBytes);
      const count = readSync(file, chunk, 0, length, this.#readBytes);
      if (count === 0) break;
      this.#map.append(this.#decoder.write(chunk.subarray(0, count)));
      this.#readBytes += count;
    }
    return this.#readBytes > before;
  }
}

function innermostPid(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^NSpid:.*\s(\d+)$/m.exec(status)?.[1] ?? String(pid);
  } catch {
    return String(pid);
  }
}

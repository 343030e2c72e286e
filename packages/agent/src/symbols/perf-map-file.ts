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
  /** Of the folder that the list is in as the process sees it, while that is kept within reach. */
  #folder: number | undefined;
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

  /** Keeps the list within reach, though the process may end, until `release`. */
  hold(): void {
    this.#folder ??= openFolder(`/proc/${this.#pid}/root/tmp`);
  }

  /** Nothing more is read: what is held would keep a container's file system from being unmounted. */
  release(): void {
    if (this.#folder !== undefined) closeSync(this.#folder);
    this.#folder = undefined;
  }

  /** Takes in what was written since the last time. */
  update(): void {
    this.#readOn();
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
    const own =
      this.#folder === undefined ? `/proc/${this.#pid}/root/tmp` : `/proc/self/fd/${this.#folder}`;
    for (const path of [`${own}/perf-${this.#innerPid}.map`, `/tmp/perf-${this.#pid}.map`]) {
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

function openFolder(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch {
    return undefined;
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

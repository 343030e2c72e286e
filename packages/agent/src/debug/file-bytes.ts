/** The bytes of a file on disk: of a small one all at once, of a large one the parts that are asked for. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ElfError, type ByteSource } from '@bpfleet/bpf/elf';

/** Up to here reading all of it costs less than asking for parts. */
const SMALL_BYTES = 1 << 20;

const opened = new FinalizationRegistry<number>((file) => {
  closeSync(file);
});

/** Stays with the file that the path means now, whatever is put there later. Throws file-system errors and ElfError. */
export function openFileBytes(path: string): ByteSource {
  // A pipe would keep us waiting for who writes to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let isKept = false;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new ElfError('not a file');
    if (stats.size <= SMALL_BYTES) return inMemory(readAt(file, 0, stats.size));
    const source: ByteSource = {
      length: stats.size,
      read: (at, length) => readAt(file, at, length),
    };
    opened.register(source, file);
    isKept = true;
    return source;
  } finally {
    if (!isKept) closeSync(file);
  }
}

function inMemory(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}

/** @throws ElfError if the file has become shorter. */
function readAt(file: number, at: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, bytes, done, length - done, at + done);
    if (count === 0) throw new ElfError('the file became shorter while it was read');
    done += count;
  }
  return bytes;
}

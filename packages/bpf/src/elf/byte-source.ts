/** Where the bytes of a file come from: memory, or a file of which only parts are read. */
import { ElfError } from './elf-error.ts';

export interface ByteSource {
  readonly length: number;
  /** Bytes that are all within the file; they must not be written to. */
  read(at: number, length: number): Uint8Array;
}

export function byteSource(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}

/** @throws ElfError if `what` is not all within the file. */
export function readPart(file: ByteSource, at: number, length: number, what: string): Uint8Array {
  if (at + length > file.length) throw new ElfError(`elf: ${what} runs past the end`);
  return file.read(at, length);
}

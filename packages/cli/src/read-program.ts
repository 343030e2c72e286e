/** Reads a program's text, from a file, a pipe or standard input. */
import { constants, createReadStream, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { decodeText, systemReason } from '@bpfleet/protocol';
import { UserError } from './terminal.ts';

/** More is no program, and `/dev/zero` never ends. */
export const MAX_PROGRAM_BYTES: number = 64 << 20;

/** Byte order marks, read as little-endian. */
const UTF16_LE = 0xfeff;
const UTF16_BE = 0xfffe;

/** Throws UserError. An interrupt ends the wait for who writes to a pipe. */
export async function readProgram(path: string): Promise<string> {
  try {
    return textOf(await readAll(await openToRead(path), path), path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`failed to open file '${path}': ${systemReason(error)}`, { cause: error });
  }
}

/** Throws UserError where there is no end to it. */
export async function readProgramInput(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return textOf(await readAll(chunks, 'standard input'), 'standard input');
}

/**
 * A pipe is opened without waiting for who writes to it: threads that wait cannot be interrupted. Then its socket says
 * when there is something to read.
 */
async function openToRead(path: string): Promise<Readable> {
  if (!(await stat(path)).isFIFO()) return createReadStream(path);
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd: file, readable: true, writable: false });
}

async function readAll(chunks: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const read: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_PROGRAM_BYTES) {
      throw new UserError(
        `${name} has more than ${MAX_PROGRAM_BYTES >> 20} MiB: no program is as long`,
      );
    }
  }
  return Buffer.concat(read);
}

/** Editors of other systems begin a file with a byte order mark. */
function textOf(bytes: Buffer, name: string): string {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16LE(0);
  if (mark === UTF16_LE || mark === UTF16_BE) {
    throw new UserError(`${name} is text in UTF-16: save it as UTF-8`);
  }
  return decodeText(bytes).replace(/^\ufeff/, '');
}

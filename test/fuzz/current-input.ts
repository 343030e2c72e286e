/** A file that says which input is being run, should it never come back: the process may abort, or be killed. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const HEADER_BYTES = 8;

/** How many inputs were begun, and the last of them. */
export interface CurrentInput {
  readonly begun: number;
  readonly input: Uint8Array;
}

export function readCurrentInput(path: string): CurrentInput {
  const bytes = readFileSync(path);
  if (bytes.length < HEADER_BYTES) return { begun: 0, input: new Uint8Array() };
  const length = bytes.readUInt32LE(4);
  const input = new Uint8Array(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length));
  return { begun: bytes.readUInt32LE(0), input };
}

export class CurrentInputFile {
  readonly #file: number;
  #buffer: Buffer = Buffer.alloc(1 << 16);
  #begun = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  get begun(): number {
    return this.#begun;
  }

  set(input: Uint8Array): void {
    const length = HEADER_BYTES + input.length;
    if (length > this.#buffer.length) this.#buffer = Buffer.alloc(2 * length);
    this.#begun++;
    this.#buffer.writeUInt32LE(this.#begun, 0);
    this.#buffer.writeUInt32LE(input.length, 4);
    this.#buffer.set(input, HEADER_BYTES);
    writeSync(this.#file, this.#buffer, 0, length, 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/**
 * Copies of many small pieces of bytes, in blocks: memory of its own for each takes longer to get than to fill, and as long again
 * when something looks into it.
 */

const BLOCK_BYTES = 64 << 10;

export class CopiedBytes {
  #block = new Uint8Array(0);
  #used = 0;

  /** Nobody changes what it returns. */
  copy(bytes: Uint8Array): Uint8Array {
    if (this.#used + bytes.length > this.#block.length) {
      this.#block = new Uint8Array(Math.max(BLOCK_BYTES, bytes.length));
      this.#used = 0;
    }
    const end = this.#used + bytes.length;
    this.#block.set(bytes, this.#used);
    const copy = this.#block.subarray(this.#used, end);
    this.#used = end;
    return copy;
  }
}

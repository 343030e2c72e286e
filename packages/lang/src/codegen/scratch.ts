/** Per-CPU memory of one program for what is too big for its stack: an element of the `scratch` map. */
import type { Address, VirtualRegister } from './ir.ts';

/** How much of the element is in use, by all functions of the program together. */
interface Extent {
  used: number;
  highWater: number;
}

export class Scratch {
  readonly #findBase: () => VirtualRegister;
  readonly #reservedBytes: number;
  readonly #extent: Extent;
  #pointer: VirtualRegister | undefined;

  /** `findBase` writes, once per function, the code that gets the element's address; it may keep bytes at the beginning. */
  constructor(
    findBase: () => VirtualRegister,
    reservedBytes = 0,
    extent: Extent = { used: reservedBytes, highWater: reservedBytes },
  ) {
    this.#findBase = findBase;
    this.#reservedBytes = reservedBytes;
    this.#extent = extent;
  }

  /** The same memory, as a function beside this one has it. */
  beside(findBase: () => VirtualRegister): Scratch {
    return new Scratch(findBase, this.#reservedBytes, this.#extent);
  }

  /** Bytes that the program needs at most at once; asked of the main function's. */
  get sizeBytes(): number {
    return this.#pointer === undefined ? 0 : this.#extent.highWater;
  }

  get base(): VirtualRegister {
    this.#pointer ??= this.#findBase();
    return this.#pointer;
  }

  take(sizeBytes: number): Address {
    return this.at(this.reserve(sizeBytes));
  }

  /** As `take`, for memory that is reached later: its offset. */
  reserve(sizeBytes: number): number {
    const offset = this.#extent.used;
    this.#extent.used += Math.ceil(sizeBytes / 8) * 8;
    this.#extent.highWater = Math.max(this.#extent.highWater, this.#extent.used);
    return offset;
  }

  /** Nothing that was ever in use is given to others. */
  keepAll(): void {
    this.#extent.used = this.#extent.highWater;
  }

  /** What was taken at this offset, by whichever function. */
  at(offset: number): Address {
    return { kind: 'register', register: this.base, offset };
  }

  mark(): number {
    return this.#extent.used;
  }

  release(mark: number): void {
    this.#extent.used = mark;
  }
}

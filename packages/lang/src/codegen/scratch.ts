/** Per-CPU memory of one program for what is too big for its stack: an element of the `scratch` map. */
import type { Address, VirtualRegister } from './ir.ts';
import type { IrBuilder } from './ir-builder.ts';
import type { SessionPlan } from './session-plan.ts';

/** How much of the element is in use, by all functions of the program together. */
interface Extent {
  used: number;
  highWater: number;
}

export class Scratch {
  readonly #findBase: () => VirtualRegister;
  readonly #extent: Extent;
  #pointer: VirtualRegister | undefined;

  /** `findBase` writes, once per function, the code that gets the element's address. */
  constructor(findBase: () => VirtualRegister, extent: Extent = { used: 0, highWater: 0 }) {
    this.#findBase = findBase;
    this.#extent = extent;
  }

  /** The same memory, as a function beside this one has it. */
  beside(findBase: () => VirtualRegister): Scratch {
    return new Scratch(findBase, this.#extent);
  }

  /** Bytes that the program needs at most at once. */
  get sizeBytes(): number {
    return this.#extent.highWater;
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

/** Looked up once, as the program begins; `exit` labels its end, for the case that cannot happen: no scratch. */
export function lookUpScratch(b: IrBuilder, session: SessionPlan, exit: string): VirtualRegister {
  let pointer = 0;
  b.prologue(() => {
    // Nothing is in use yet: any slot will do where there is no room for one more.
    const key = b.temporary(4) ?? { kind: 'slot', slot: 0, offset: 0 };
    b.store(4, key, BigInt(session.takeScratchIndex()));
    pointer = b.call('map_lookup_elem', { kind: 'map', map: session.scratchMap }, key);
    b.branch('eq', pointer, 0n, exit);
  });
  return pointer;
}

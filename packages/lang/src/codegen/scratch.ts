/** Per-CPU memory of one program for what is too big for its stack: an element of the `scratch` map. */
import type { Address } from './ir.ts';
import type { IrBuilder } from './ir-builder.ts';
import type { SessionPlan } from './session-plan.ts';

export class Scratch {
  readonly #builder: IrBuilder;
  readonly #session: SessionPlan;
  /** Label of the program's end, for the case that cannot happen: no scratch. */
  readonly #exit: string;
  #pointer: number | undefined;
  #used = 0;
  #highWater = 0;

  constructor(builder: IrBuilder, session: SessionPlan, exit: string) {
    this.#builder = builder;
    this.#session = session;
    this.#exit = exit;
  }

  /** Bytes that the program needs at most at once. */
  get sizeBytes(): number {
    return this.#highWater;
  }

  take(sizeBytes: number): Address {
    const offset = this.#used;
    this.#used += Math.ceil(sizeBytes / 8) * 8;
    this.#highWater = Math.max(this.#highWater, this.#used);
    return { kind: 'register', register: this.#base(), offset };
  }

  mark(): number {
    return this.#used;
  }

  release(mark: number): void {
    this.#used = mark;
  }

  /** Looked up once, as the program begins. */
  #base(): number {
    if (this.#pointer !== undefined) return this.#pointer;
    const b = this.#builder;
    let pointer = 0;
    b.prologue(() => {
      // Nothing is in use yet: any slot will do where there is no room for one more.
      const key = b.temporary(4) ?? { kind: 'slot', slot: 0, offset: 0 };
      b.store(4, key, BigInt(this.#session.takeScratchIndex()));
      pointer = b.call('map_lookup_elem', { kind: 'map', map: this.#session.scratchMap }, key);
      b.branch('eq', pointer, 0n, this.#exit);
    });
    this.#pointer = pointer;
    return pointer;
  }
}

/** Stack slots of a program while it is written; a slot whose user is done serves the next. */
import type { IrSlot, StackSlot } from './ir.ts';

/** Leaves half of the frame to spilled registers and to code apart. */
const LIMIT_BYTES = 256;
const APART_BYTES = 64;

export class SlotPool {
  readonly #slots: IrSlot[] = [];
  readonly #taken: StackSlot[] = [];
  #free: StackSlot[] = [];
  /** As `#free`, of code apart. */
  #apart: StackSlot[] = [];
  #usedBytes = 0;
  readonly #normalBytes: number;
  #limitBytes: number;

  /** `limitBytes`: how much is given away at once; a program of several functions shares its frame. */
  constructor(limitBytes: number = LIMIT_BYTES) {
    this.#normalBytes = limitBytes;
    this.#limitBytes = limitBytes;
  }

  get slots(): readonly IrSlot[] {
    return this.#slots;
  }

  /** A slot of at least this size, 8-byte aligned; undefined when the frame is full. */
  take(sizeBytes: number): StackSlot | undefined {
    const needed = Math.max(8, Math.ceil(sizeBytes / 8) * 8);
    const fitting = this.#free
      .filter((slot) => this.#sizeOf(slot) >= needed)
      .toSorted((a, b) => this.#sizeOf(a) - this.#sizeOf(b))[0];
    if (fitting !== undefined) {
      this.#free = this.#free.filter((slot) => slot !== fitting);
      this.#taken.push(fitting);
      return fitting;
    }
    if (this.#usedBytes + needed > this.#limitBytes) return undefined;
    return this.#add(needed);
  }

  /** As `take`, whatever the limit. */
  insist(sizeBytes: number): StackSlot {
    return this.take(sizeBytes) ?? this.#add(Math.ceil(sizeBytes / 8) * 8);
  }

  #add(sizeBytes: number): StackSlot {
    this.#usedBytes += sizeBytes;
    this.#slots.push({ sizeBytes });
    this.#taken.push(this.#slots.length - 1);
    return this.#slots.length - 1;
  }

  mark(): number {
    return this.#taken.length;
  }

  /** Frees what was taken since `mark`. */
  release(mark: number): void {
    this.#free.push(...this.#taken.splice(mark));
  }

  /** For code that runs while others' slots are in use: it gets its own. */
  separately(write: () => void): void {
    const free = this.#free;
    const mark = this.#taken.length;
    this.#free = this.#apart;
    this.#limitBytes = this.#normalBytes + APART_BYTES;
    write();
    this.release(mark);
    this.#apart = this.#free;
    this.#free = free;
    this.#limitBytes = this.#normalBytes;
  }

  #sizeOf(slot: StackSlot): number {
    return this.#slots[slot]?.sizeBytes ?? 0;
  }
}

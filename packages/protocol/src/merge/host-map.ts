/**
 * One map of one runner, from absolute values that may come twice, late or not at all: of each key the value of the
 * newest frame counts, and a new window starts from nothing.
 */
import type { Frame, RawMapValue } from '../frame/frame.ts';
import type { Value } from '../value/value.ts';
import { idOf, isId } from './byte-id.ts';

export interface DecodedKey {
  readonly key: Value | undefined;
  /** `keyOf(key)`. */
  readonly canonical: string;
}

export interface KeyDecoder {
  /** By `idOf(key)`. `final`: the answer will not change, because no name in the key is still unknown. */
  (id: string): { readonly key: DecodedKey; readonly final: boolean };
}

interface Slot {
  /** `idOf(key)`. */
  readonly id: string;
  sequence: number;
  /** Undefined: deleted by the frame of that sequence. */
  value: RawMapValue | undefined;
  key: DecodedKey | undefined;
  /** What came after it in the last frame: a host lists its keys in the same order again. */
  next: Slot | undefined;
  /** It is no slot of the map any more. */
  forgotten: boolean;
}

export class HostMap {
  #window = 0;
  /** By `idOf(key)`: a string takes far less memory than the bytes would. */
  readonly #slots = new Map<string, Slot>();
  readonly #deleted = new Set<string>();
  #first: Slot | undefined;

  /** Counts from 0; above that the host has cleared the map since its runner started. */
  get window(): number {
    return this.#window;
  }

  /** Keys that it remembers, also of those that were deleted. */
  get size(): number {
    return this.#slots.size;
  }

  /**
   * `settled`: no frame before this one can come any more, so deletions need not be remembered. Returns how many entries
   * had keys beyond `maxKeys`, and were dropped.
   */
  apply(
    frame: Pick<Extract<Frame, { kind: 'map' }>, 'window' | 'entries' | 'deleted'>,
    sequence: number,
    settled: boolean,
    maxKeys: number,
  ): number {
    if (frame.window < this.#window) return 0;
    if (frame.window > this.#window) {
      this.#window = frame.window;
      this.#slots.clear();
      this.#deleted.clear();
      this.#first = undefined;
    }
    let refused = 0;
    let before: Slot | undefined;
    for (const { key, value } of frame.entries) {
      const expected = before === undefined ? this.#first : before.next;
      const slot = this.#slotOf(key, expected, maxKeys);
      if (slot === undefined) {
        refused += 1;
        continue;
      }
      if (before === undefined) this.#first = slot;
      else before.next = slot;
      before = slot;
      this.#set(slot, value, sequence);
    }
    for (const key of frame.deleted) {
      const slot = this.#slotOf(key, undefined, maxKeys);
      if (slot !== undefined) this.#set(slot, undefined, sequence);
    }
    if (settled) this.#forgetDeleted();
    return refused;
  }

  /** Asks `decode` about each key until it gives a final answer. */
  visit(decode: KeyDecoder, visit: (key: DecodedKey, value: RawMapValue) => void): void {
    for (const [id, slot] of this.#slots) {
      if (slot.value === undefined) continue;
      let { key } = slot;
      if (key === undefined) {
        const decoded = decode(id);
        key = decoded.key;
        if (decoded.final) slot.key = key;
      }
      visit(key, slot.value);
    }
  }

  /** Undefined for a new key for which there is no room. */
  #slotOf(key: Uint8Array, expected: Slot | undefined, maxKeys: number): Slot | undefined {
    if (expected?.forgotten === false && isId(expected.id, key)) return expected;
    const id = idOf(key);
    let slot = this.#slots.get(id);
    if (slot === undefined) {
      if (this.#slots.size >= maxKeys) return undefined;
      slot = {
        id,
        sequence: -1,
        value: undefined,
        key: undefined,
        next: undefined,
        forgotten: false,
      };
      this.#slots.set(id, slot);
    }
    return slot;
  }

  #set(slot: Slot, value: RawMapValue | undefined, sequence: number): void {
    if (slot.sequence > sequence) return;
    slot.sequence = sequence;
    slot.value = value;
    if (value === undefined) this.#deleted.add(slot.id);
    else if (this.#deleted.size > 0) this.#deleted.delete(slot.id);
  }

  #forgetDeleted(): void {
    if (this.#deleted.size === 0) return;
    for (const id of this.#deleted) {
      const slot = this.#slots.get(id);
      this.#slots.delete(id);
      if (slot === undefined) continue;
      slot.forgotten = true;
      slot.next = undefined;
    }
    this.#deleted.clear();
  }
}

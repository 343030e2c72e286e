/**
 * One map of one runner, from absolute values that may come twice, late or not at all: of each key the value of the
 * newest frame counts, and a new window starts from nothing.
 */
import type { Frame, RawMapValue } from '../frame/frame.ts';
import type { Value } from '../value/value.ts';
import { idOf } from './byte-id.ts';

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
  sequence: number;
  /** Undefined: deleted by the frame of that sequence. */
  value: RawMapValue | undefined;
  key: DecodedKey | undefined;
}

export class HostMap {
  #window = 0;
  /** By `idOf(key)`: a string takes far less memory than the bytes would. */
  readonly #slots = new Map<string, Slot>();
  readonly #deleted = new Set<string>();

  /** Counts from 0; above that the host has cleared the map since its runner started. */
  get window(): number {
    return this.#window;
  }

  /** `settled`: no frame before this one can come any more, so deletions need not be remembered. */
  apply(
    frame: Pick<Extract<Frame, { kind: 'map' }>, 'window' | 'entries' | 'deleted'>,
    sequence: number,
    settled: boolean,
  ): void {
    if (frame.window < this.#window) return;
    if (frame.window > this.#window) {
      this.#window = frame.window;
      this.#slots.clear();
      this.#deleted.clear();
    }
    for (const { key, value } of frame.entries) this.#set(key, value, sequence);
    for (const key of frame.deleted) this.#set(key, undefined, sequence);
    if (settled) this.#forgetDeleted();
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

  #set(key: Uint8Array, value: RawMapValue | undefined, sequence: number): void {
    const id = idOf(key);
    const slot = this.#slots.get(id);
    if (slot === undefined) {
      this.#slots.set(id, { sequence, value, key: undefined });
    } else {
      if (slot.sequence > sequence) return;
      slot.sequence = sequence;
      slot.value = value;
    }
    if (value === undefined) this.#deleted.add(id);
    else this.#deleted.delete(id);
  }

  #forgetDeleted(): void {
    for (const id of this.#deleted) this.#slots.delete(id);
    this.#deleted.clear();
  }
}

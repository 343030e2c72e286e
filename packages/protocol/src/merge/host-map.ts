/**
 * One map of one runner, from absolute values that may come twice, late or not at all: of each key the value of the
 * newest frame counts, and a new window starts from nothing.
 */
import type { Frame, RawMapEntry, RawMapValue } from '../frame/frame.ts';
import type { Value } from '../value/value.ts';

type MapFrame = Extract<Frame, { kind: 'map' }>;

interface Slot {
  readonly bytes: Uint8Array;
  sequence: number;
  /** Undefined: deleted by the frame of that sequence. */
  value: RawMapValue | undefined;
  key: DecodedKey | undefined;
}

export interface DecodedKey {
  readonly key: Value | undefined;
  /** `keyOf(key)`. */
  readonly canonical: string;
}

export class HostMap {
  #window = 0;
  readonly #slots = new Map<string, Slot>();
  readonly #deleted = new Set<string>();

  /** Counts from 0; above that the host has cleared the map since its runner started. */
  get window(): number {
    return this.#window;
  }

  /** `settled`: no frame before this one can come any more, so deletions need not be remembered. */
  apply(
    frame: Pick<MapFrame, 'window' | 'entries' | 'deleted'>,
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

  /** `decode` is asked once for each key, until it gives a result that may be kept. */
  *entries(
    decode: (bytes: Uint8Array) => { readonly key: DecodedKey; readonly final: boolean },
  ): Generator<DecodedKey & { readonly value: RawMapValue }> {
    for (const slot of this.#slots.values()) {
      if (slot.value === undefined) continue;
      let { key } = slot;
      if (key === undefined) {
        const decoded = decode(slot.bytes);
        key = decoded.key;
        if (decoded.final) slot.key = key;
      }
      yield { ...key, value: slot.value };
    }
  }

  #set(bytes: RawMapEntry['key'], value: RawMapValue | undefined, sequence: number): void {
    const id = idOf(bytes);
    const slot = this.#slots.get(id);
    if (slot !== undefined && slot.sequence > sequence) return;
    if (slot === undefined) {
      this.#slots.set(id, { bytes: bytes.slice(), sequence, value, key: undefined });
    } else {
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

/** Bytes as the key of a Map; each becomes one UTF-16 unit. */
export function idOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, CHUNK)) + restOf(bytes);
}

/** Arguments of one call are limited. */
const CHUNK = 4096;

function restOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = CHUNK; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

/**
 * The key that a fleet shares, and the keys that are derived from it: one for each subject, and for each bucket and key,
 * so that no key seals so many messages that random nonces could meet, and what is moved elsewhere cannot be opened.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { hex, openMessage, sealMessage } from './sealed-message.ts';
import type { SealFault } from './seal-fault.ts';

const KEY_BYTES = 32;
const ID_BYTES = 4;
const PSEUDONYM_CHARACTERS = 24;
/** Subjects that are in use at a time; what is forgotten is derived again. */
const MAX_DERIVED = 16_384;

export class FleetKey {
  /** Tells keys from each other without telling the key; 8 hexadecimal digits. */
  readonly id: string;
  readonly #secret: Uint8Array;
  readonly #idBytes: Uint8Array;
  readonly #nameKey: Uint8Array;
  readonly #derived = new Map<string, KeyObject>();

  /** @throws {RangeError} unless it has 32 bytes */
  constructor(secret: Uint8Array) {
    if (secret.length !== KEY_BYTES) {
      throw new RangeError(`a fleet key has ${KEY_BYTES} bytes, not ${secret.length}`);
    }
    this.#secret = secret;
    this.#idBytes = this.#derive('id').subarray(0, ID_BYTES);
    this.#nameKey = this.#derive('names');
    this.id = hex(this.#idBytes);
  }

  seal(place: string, plain: Uint8Array): Uint8Array {
    return sealMessage(this.#keyOf(place), this.#idBytes, place, plain);
  }

  open(place: string, sealed: Uint8Array): Uint8Array | SealFault {
    return openMessage(this.#keyOf(place), this.#idBytes, place, sealed);
  }

  /** What stands for a name where NATS can read it. */
  pseudonym(name: string): string {
    const digest = createHmac('sha256', this.#nameKey).update(name).digest('hex');
    return digest.slice(0, PSEUDONYM_CHARACTERS);
  }

  #keyOf(place: string): KeyObject {
    let key = this.#derived.get(place);
    if (key === undefined) {
      if (this.#derived.size >= MAX_DERIVED) this.#derived.clear();
      key = createSecretKey(this.#derive(`place ${place}`));
      this.#derived.set(place, key);
    }
    return key;
  }

  #derive(purpose: string): Uint8Array {
    return new Uint8Array(
      hkdfSync('sha256', this.#secret, new Uint8Array(0), `bpfleet seal v1 ${purpose}`, KEY_BYTES),
    );
  }
}

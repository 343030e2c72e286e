/** How what a coordinator says and hears travels: with its keys, or in the clear where NATS is trusted. */
import {
  CLEAR_HOSTS,
  CLEAR_ORDERS,
  ORDER_LIFETIME_MS,
  OrderFault,
  parseCoordinatorKeys,
  sealedHosts,
  SealFault,
  signedOrders,
  type Audience,
  type HostSeal,
  type OrderWriter,
} from '@bpfleet/protocol/seal';

export interface GivenOrder {
  readonly bytes: Uint8Array;
  readonly expiresAtMs: number;
}

export interface TakenOrder {
  readonly text: string;
  readonly expiresAtMs: number;
}

/** Of places that have not been used for long the counters are told by the clock again. */
const MAX_COUNTERS = 20_000;

export class Seals {
  readonly isSealed: boolean;
  readonly hosts: HostSeal;
  /** Called with what was refused and why. */
  readonly refuse: (what: string, reason: string) => void;
  readonly #orders: OrderWriter;
  /** The largest counter seen of each place. */
  readonly #counters = new Map<string, number>();

  /**
   * @param keyFile text of the coordinators' file of keys; without, everything travels as it is
   * @throws {KeyFileError} if it is none
   */
  constructor(keyFile: string | undefined, refuse: (what: string, reason: string) => void) {
    const keys = keyFile === undefined ? undefined : parseCoordinatorKeys(keyFile);
    this.isSealed = keys !== undefined;
    this.hosts = keys === undefined ? CLEAR_HOSTS : sealedHosts(keys.fleet);
    this.#orders = keys === undefined ? CLEAR_ORDERS : signedOrders(keys);
    this.refuse = refuse;
  }

  /** Later than all that this process has given or taken there. */
  give(place: string, text: string, audience: Audience): GivenOrder {
    const nowMs = Date.now();
    const counter = Math.max((this.#counters.get(place) ?? 0) + 1, nowMs);
    this.#note(place, counter);
    const expiresAtMs = this.isSealed ? nowMs + ORDER_LIFETIME_MS : Infinity;
    const order = { counter, expiresAtMs, text: new TextEncoder().encode(text) };
    return { bytes: this.#orders.seal(place, order, audience), expiresAtMs };
  }

  /** Undefined for what no coordinator of this fleet gave, which has been refused then. */
  take(place: string, bytes: Uint8Array, audience: Audience): TakenOrder | undefined {
    const opened = this.#orders.open(place, bytes, audience);
    if (opened instanceof SealFault || opened instanceof OrderFault) {
      this.refuse(place, opened.message);
      return undefined;
    }
    const { counter, expiresAtMs, text } = opened;
    this.#note(place, counter);
    return { text: new TextDecoder().decode(text), expiresAtMs };
  }

  #note(place: string, counter: number): void {
    if (!this.isSealed) return;
    if (this.#counters.size >= MAX_COUNTERS && !this.#counters.has(place)) this.#counters.clear();
    this.#counters.set(place, Math.max(counter, this.#counters.get(place) ?? 0));
  }
}

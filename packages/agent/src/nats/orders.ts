/** What coordinators say, as an agent reads it: opened, verified, and refused where it is old or has expired. */
import {
  CLEAR_HOSTS,
  CLEAR_ORDERS,
  OrderFault,
  OrderMemory,
  parseAgentKeys,
  sealedHosts,
  sealedOrders,
  SealFault,
  type HostSeal,
  type Order,
  type OrderReader,
} from '@bpfleet/protocol/seal';

export type OpenedOrder =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'refused'; readonly reason: string };

export class Orders {
  /** How what this host says travels. */
  readonly hosts: HostSeal;
  readonly isSealed: boolean;
  readonly #reader: OrderReader;
  readonly #memory = new OrderMemory();

  /**
   * @param keyFile text of the agent's file of keys; without, everything is taken as it comes
   * @throws {KeyFileError} if it is none
   */
  constructor(keyFile: string | undefined) {
    const keys = keyFile === undefined ? undefined : parseAgentKeys(keyFile);
    this.isSealed = keys !== undefined;
    this.hosts = keys === undefined ? CLEAR_HOSTS : sealedHosts(keys.fleet);
    this.#reader = keys === undefined ? CLEAR_ORDERS : sealedOrders(keys);
  }

  open(place: string, bytes: Uint8Array): OpenedOrder {
    const opened = this.#reader.open(place, bytes);
    return opened instanceof SealFault || opened instanceof OrderFault
      ? { kind: 'refused', reason: opened.message }
      : { kind: 'order', order: opened };
  }

  /** @param nowMs Unix milliseconds by this machine's own clock, for what comes over NATS may be old */
  openEntry(place: string, bytes: Uint8Array, nowMs: number): OpenedOrder {
    const opened = this.open(place, bytes);
    if (!this.isSealed || opened.kind === 'refused') return opened;
    const fault = this.#memory.take(place, opened.order, nowMs);
    return fault === undefined ? opened : { kind: 'refused', reason: fault.message };
  }

  /** Why a coordinator's heartbeat is none, or undefined. */
  beatFault(from: string, order: Order, nowMs: number): string | undefined {
    if (!this.isSealed) return undefined;
    return this.#memory.take(`heartbeat ${from}`, order, nowMs, true)?.message;
  }

  stands(place: string, nowMs: number): boolean {
    return !this.#memory.hasExpired(place, nowMs);
  }
}

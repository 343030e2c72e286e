/**
 * Which orders have been taken, so that none is obeyed that was kept back and sent again: of each place the largest
 * counter, and no order at all when it has expired. A process that has just started remembers nothing; what can be played
 * to it then is bounded by the expiry, which coordinators put off as long as an order stands.
 */
import { OrderFault, type Order } from './order.ts';

/** Clocks of one fleet may differ by so much. */
export const CLOCK_ERROR_MS = 300_000;
/** How long an order stands that is not renewed. */
export const ORDER_LIFETIME_MS = 600_000;
/** Renewed when no more than this is left of it. */
const RENEW_ORDER_MS = 300_000;
/** Whether an order is to be given once more, so that it goes on standing. */
export function isToBeRenewed(expiresAtMs: number, nowMs: number): boolean {
  return expiresAtMs - nowMs < RENEW_ORDER_MS;
}

/** Whether nobody obeys it any more. */
export function hasExpired(expiresAtMs: number, nowMs: number): boolean {
  return nowMs > expiresAtMs + CLOCK_ERROR_MS;
}

/** What expired long ago need not be remembered. */
const SWEEP_ABOVE = 4_096;

interface Taken {
  readonly counter: number;
  readonly expiresAtMs: number;
}

export class OrderMemory {
  readonly #taken = new Map<string, Taken>();

  /**
   * Why it is not to be obeyed at `nowMs` (Unix), or undefined.
   *
   * @param once whether one that was taken before is refused too
   */
  take(
    place: string,
    { counter, expiresAtMs }: Order,
    nowMs: number,
    once = false,
  ): OrderFault | undefined {
    const expired = expiry(expiresAtMs, nowMs);
    if (expired !== undefined) return expired;
    const before = this.#taken.get(place);
    if (before !== undefined && counter < before.counter + (once ? 1 : 0)) {
      return new OrderFault('it is older than what was taken before: somebody sent it again');
    }
    this.#taken.set(place, { counter, expiresAtMs });
    if (this.#taken.size > SWEEP_ABOVE) this.#sweep(nowMs);
    return undefined;
  }

  /** Whether what was taken last has expired without being renewed. */
  hasExpired(place: string, nowMs: number): boolean {
    const taken = this.#taken.get(place);
    return taken !== undefined && hasExpired(taken.expiresAtMs, nowMs);
  }

  #sweep(nowMs: number): void {
    for (const [place, { expiresAtMs }] of this.#taken) {
      if (expiry(expiresAtMs, nowMs) !== undefined) this.#taken.delete(place);
    }
  }
}

function expiry(expiresAtMs: number, nowMs: number): OrderFault | undefined {
  const lateMs = nowMs - expiresAtMs;
  if (hasExpired(expiresAtMs, nowMs)) {
    return new OrderFault(
      `it expired ${seconds(lateMs)} ago by this machine's clock; either somebody sent it again, or the clock is wrong`,
    );
  }
  if (-lateMs > ORDER_LIFETIME_MS + CLOCK_ERROR_MS) {
    return new OrderFault(
      `it would stand for ${seconds(-lateMs)} by this machine's clock, longer than any order; the clock here or that of the coordinator is wrong`,
    );
  }
  return undefined;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

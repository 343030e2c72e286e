/**
 * How long a supervisor and a runner have not heard from each other. Silence while this process itself was stopped or
 * busy says nothing about the other one.
 */

/** More than several ticks of a second. */
const HELD_UP_MS = 2500;

export class Silence {
  #heardMs: number;
  #tickMs: number;

  /** All times are of the monotonic clock, milliseconds. */
  constructor(nowMs: number) {
    this.#heardMs = nowMs;
    this.#tickMs = nowMs;
  }

  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** Called about once a second; how long it has been silent, milliseconds. */
  tick(nowMs: number): number {
    if (nowMs - this.#tickMs > HELD_UP_MS) this.#heardMs = nowMs;
    this.#tickMs = nowMs;
    return nowMs - this.#heardMs;
  }
}

/**
 * How long a runner whose probes are gone waits for the broker to take its last frames. A broker that is there has to
 * take them soon; one that is away may come back, and what was counted until then is worth the memory.
 */

/** Of a broker that can be reached. */
const CONNECTED_MS = 30_000;
/** Of one that cannot. */
const AWAY_MS = 600_000;
/** Of an agent that leaves. */
const LEAVING_MS = 10_000;
const TICK_MS = 500;

export class DrainPatience {
  readonly #giveUp = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #leaving = false;
  #connectedMs = 0;
  #waitedMs = 0;

  /** Aborted when there is no more hope. */
  get signal(): AbortSignal {
    return this.#giveUp.signal;
  }

  /** The probes are gone. */
  begin(isConnected: () => boolean): void {
    this.#timer = setInterval(() => {
      this.#waitedMs += TICK_MS;
      if (isConnected()) this.#connectedMs += TICK_MS;
      const limitMs = this.#leaving ? LEAVING_MS : AWAY_MS;
      if (this.#connectedMs < CONNECTED_MS && this.#waitedMs < limitMs) return;
      this.#giveUp.abort();
      this.end();
    }, TICK_MS);
  }

  hurry(): void {
    this.#leaving = true;
    this.#waitedMs = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

/**
 * Live results come before the store: while a session's stream has much that its view has not, what is done for the
 * store waits, but for a small share of the time.
 */

/** A view that has fewer messages before it is about to have them. */
const MANY_MESSAGES = 64;
const STORE_SHARE = 0.1;
/** However long the last piece of work took: most of that was waiting for the store. */
const MAX_REST_MS = 250;

export class LiveFirst {
  /** By session, how many messages of its stream its view has not. */
  readonly #behind = new Map<string, number>();
  readonly #resting = new Set<() => void>();

  /** @param messages how many of a session's stream its view has not */
  note(session: string, messages: number): void {
    if (messages > 0) this.#behind.set(session, messages);
    else this.forget(session);
  }

  /** Its view needs nothing more. */
  forget(session: string): void {
    if (!this.#behind.delete(session) || this.#behind.size > 0) return;
    for (const goOn of [...this.#resting]) goOn();
  }

  /** Some view will not have soon what is in the stream. */
  get isFarBehind(): boolean {
    return [...this.#behind.values()].some((messages) => messages >= MANY_MESSAGES);
  }

  /**
   * Resolves when a piece of work for the store may be done; never before what waits for this thread had its turn.
   *
   * @param workedMs how long the piece before took
   */
  async turn(workedMs: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#behind.size === 0) return;
    const restMs = Math.min(workedMs * (1 / STORE_SHARE - 1), MAX_REST_MS);
    await new Promise<void>((resolve) => {
      const goOn = (): void => {
        clearTimeout(timer);
        this.#resting.delete(goOn);
        resolve();
      };
      const timer = setTimeout(goOn, restMs);
      this.#resting.add(goOn);
    });
  }
}

/** Long work in the one thread of this process, with room for signals and messages in between. */
import { setImmediate } from 'node:timers/promises';

const TURN_MS = 20;

export class Turns {
  #begun = performance.now();

  /** Lets others have a turn when this one has taken long enough. */
  async give(): Promise<void> {
    if (performance.now() - this.#begun < TURN_MS) return;
    await setImmediate();
    this.#begun = performance.now();
  }
}

/** Says of each thing once why it was refused, and counts the rest: a flood must not fill a log. */

/** Of more things nothing is said. */
const MAX_THINGS = 10_000;

export class SaidOnce {
  readonly #said = new Map<string, string>();
  readonly #speak: (what: string, reason: string) => void;
  #count = 0;

  constructor(speak: (what: string, reason: string) => void) {
    this.#speak = speak;
  }

  /** How much was refused. */
  get count(): number {
    return this.#count;
  }

  say(what: string, reason: string): void {
    this.#count += 1;
    const kind = reason.replaceAll(/\d+/g, '');
    if (this.#said.get(what) === kind) return;
    if (this.#said.size >= MAX_THINGS) return;
    this.#said.set(what, kind);
    this.#speak(what, reason);
  }
}

/** A moment that others can wait for. */
export class Signal {
  readonly given: Promise<void>;
  #isGiven = false;
  #resolve: (() => void) | undefined;

  constructor() {
    this.given = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isGiven(): boolean {
    return this.#isGiven;
  }

  give(): void {
    this.#isGiven = true;
    this.#resolve?.();
  }
}

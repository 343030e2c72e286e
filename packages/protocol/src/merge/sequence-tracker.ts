/** Which frames of one runner have come: each counts once, and those that never come are known. */

/** A frame that is this many behind the newest is given up. */
const REORDER_WINDOW = 1024;

export class SequenceTracker {
  #next = 0;
  #missing: { readonly from: number; readonly to: number }[] = [];
  #givenUp = 0;

  /** True the first time a number comes. */
  accept(sequence: number): boolean {
    if (sequence < this.#next) return this.#fill(sequence);
    if (sequence > this.#next) this.#missing.push({ from: this.#next, to: sequence - 1 });
    this.#next = sequence + 1;
    this.#giveUp(this.#next - REORDER_WINDOW);
    return true;
  }

  /** How many have not come although later ones have. */
  get missing(): number {
    return this.#missing.reduce((sum, { from, to }) => sum + to - from + 1, this.#givenUp);
  }

  /** No earlier frame can come any more. */
  get settled(): boolean {
    return this.#missing.length === 0;
  }

  #fill(sequence: number): boolean {
    const gap = this.#missing.find(({ from, to }) => from <= sequence && sequence <= to);
    if (gap === undefined) return false;
    const rest = [
      { from: gap.from, to: sequence - 1 },
      { from: sequence + 1, to: gap.to },
    ].filter(({ from, to }) => from <= to);
    this.#missing = [...this.#missing.filter((other) => other !== gap), ...rest];
    return true;
  }

  #giveUp(before: number): void {
    if (this.#missing.every(({ from }) => from >= before)) return;
    const kept: { from: number; to: number }[] = [];
    for (const { from, to } of this.#missing) {
      const cut = Math.max(from, before);
      this.#givenUp += Math.min(to + 1, cut) - from;
      if (cut <= to) kept.push({ from: cut, to });
    }
    this.#missing = kept;
  }
}

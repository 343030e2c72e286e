/** Entries of the bucket that nobody needs any more, once their time is over and their owner does not see to it. */

interface Leftover {
  readonly revision: number;
  readonly owner: string | undefined;
  readonly afterMs: number;
}

export class Leftovers {
  readonly #entries = new Map<string, Leftover>();

  /** @param afterMs when it can be removed, milliseconds of this process's time */
  add(id: string, leftover: Leftover): void {
    this.#entries.set(id, leftover);
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }

  /** What is to be removed now, each once. */
  take(
    nowMs: number,
    isAbandoned: (owner: string | undefined) => boolean,
  ): readonly TakenLeftover[] {
    const due = [...this.#entries].filter(
      ([, { owner, afterMs }]) => nowMs >= afterMs && isAbandoned(owner),
    );
    for (const [id] of due) this.#entries.delete(id);
    return due.map(([id, { revision }]) => ({ id, revision }));
  }
}

export interface TakenLeftover {
  readonly id: string;
  readonly revision: number;
}

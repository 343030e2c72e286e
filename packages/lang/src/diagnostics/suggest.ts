/** "Did you mean": the candidate that is nearest to a mistyped name. */

/** Nobody mistypes more letters of one name. */
const MOST_EDITS = 12;

/**
 * The candidate with the fewest edits (a letter added, removed, changed, or two neighbours swapped), if that is at most a
 * third of the name's length; letter case costs nothing. The first of equals wins.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const distance = new EditDistance(wanted);
  let best: string | undefined;
  let allowed = Math.min(MOST_EDITS, Math.max(1, Math.floor(wanted.length / 3)));
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - wanted.length) > allowed) continue;
    const edits = distance.to(candidate.toLowerCase(), allowed);
    if (edits === undefined) continue;
    best = candidate;
    allowed = edits - 1;
    if (allowed < 0) break;
  }
  return best;
}

/** Optimal string alignment: Levenshtein's distance with swaps of neighbours. One row for each letter of the name. */
class EditDistance {
  readonly #name: string;
  #beforeLast: number[] = [];
  #last: number[] = [];
  #current: number[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Undefined if it is more than `most`: only cells so near to the diagonal are looked at. */
  to(other: string, most: number): number | undefined {
    const far = most + 1;
    for (let column = 0; column <= other.length; column++) this.#last[column] = column;
    for (let row = 1; row <= this.#name.length; row++) {
      if (this.#fillRow(other, row, most) > most) return undefined;
      const spare = this.#beforeLast;
      this.#beforeLast = this.#last;
      this.#last = this.#current;
      this.#current = spare;
    }
    const edits = this.#last[other.length] ?? far;
    return edits > most ? undefined : edits;
  }

  /** The smallest distance in the row. */
  #fillRow(other: string, row: number, most: number): number {
    const name = this.#name;
    const [beforeLast, last, current] = [this.#beforeLast, this.#last, this.#current];
    const far = most + 1;
    const from = Math.max(1, row - most);
    const to = Math.min(other.length, row + most);
    current[from - 1] = from === 1 ? row : far;
    let least = current[from - 1] ?? far;
    for (let column = from; column <= to; column++) {
      const cost = name[row - 1] === other[column - 1] ? 0 : 1;
      let edits = Math.min((current[column - 1] ?? far) + 1, (last[column - 1] ?? far) + cost);
      // What is further from the diagonal is of an older row.
      if (column < row + most) edits = Math.min(edits, (last[column] ?? far) + 1);
      if (row > 1 && column > 1 && name[row - 1] === other[column - 2]) {
        const swapped = name[row - 2] === other[column - 1];
        if (swapped) edits = Math.min(edits, (beforeLast[column - 2] ?? far) + 1);
      }
      current[column] = edits;
      if (edits < least) least = edits;
    }
    return least;
  }
}

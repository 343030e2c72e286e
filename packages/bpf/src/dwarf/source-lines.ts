/** The line table of a unit, sorted by address: from code back to its source. */
import { readLineHeader } from './line-header.ts';
import { lineRows, type LineRow } from './line-rows.ts';
import type { Unit } from './unit.ts';

export interface SourcePlace {
  /** Path as the compiler saw it, the directory it ran in before it where it was relative. */
  readonly file: string;
  readonly line: number;
}

export class SourceLines {
  readonly #files: ReadonlyMap<number, string>;
  readonly #rows: readonly LineRow[];

  /** @param unit the one in the program's file, which has the line table of a split one */
  constructor(unit: Unit) {
    const header = readLineHeader(unit);
    this.#files = header?.files ?? new Map<number, string>();
    const rows = header === undefined ? [] : [...lineRows(unit.sections.line, header)];
    // The end of one sequence may be the start of the next.
    this.#rows = rows.toSorted(
      (a, b) => a.address - b.address || Number(b.endsSequence) - Number(a.endsSequence),
    );
  }

  /** Undefined where the table says nothing, or that no line is meant. */
  at(address: number): SourcePlace | undefined {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle]?.address ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    const row = this.#rows[low - 1];
    if (row === undefined || row.endsSequence) return undefined;
    return this.place(row.file, row.line);
  }

  /** @param file its number in the table */
  place(file: number, line: number): SourcePlace | undefined {
    const path = this.#files.get(file);
    return path === undefined || line === 0 ? undefined : { file: path, line };
  }
}

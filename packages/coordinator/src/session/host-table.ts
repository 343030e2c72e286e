/**
 * The hosts of a session and how far each is, as an immutable value: changing one of thousands copies a small part of
 * the table, and how many are in a state is known without looking at all of them.
 */
import { isActive, type HostProgress } from './host-progress.ts';

/** A change copies this list and one of its parts. */
const PARTS = 64;

type Part = ReadonlyMap<string, HostProgress>;

export interface HostCounts {
  readonly all: number;
  /** Asked, and have not answered. */
  readonly selected: number;
  readonly active: number;
  /** Have reported their end, and owe their last frame. */
  readonly ending: number;
}

const NONE: HostCounts = { all: 0, selected: 0, active: 0, ending: 0 };

export class HostTable implements ReadonlyMap<string, HostProgress> {
  readonly counts: HostCounts;
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[], counts: HostCounts) {
    this.#parts = parts;
    this.counts = counts;
  }

  /** Of two with one name the last counts. */
  static of(hosts: Iterable<readonly [string, HostProgress]>): HostTable {
    const parts = Array.from({ length: PARTS }, () => new Map<string, HostProgress>());
    let counts = NONE;
    for (const [name, host] of hosts) {
      const part = parts[partOf(name)];
      counts = changed(counts, part?.get(name), host);
      part?.set(name, host);
    }
    return new HostTable(parts, counts);
  }

  get size(): number {
    return this.counts.all;
  }

  get(name: string): HostProgress | undefined {
    return this.#parts[partOf(name)]?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** This table where the host is so already. */
  with(name: string, host: HostProgress): HostTable {
    const before = this.get(name);
    if (before === host) return this;
    const index = partOf(name);
    const part = new Map(this.#parts[index]).set(name, host);
    return new HostTable(this.#parts.with(index, part), changed(this.counts, before, host));
  }

  /** This table where no host changes. */
  map(change: (host: HostProgress) => HostProgress): HostTable {
    return [...this].reduce<HostTable>(
      (table, [name, host]) => table.with(name, change(host)),
      this,
    );
  }

  *entries(): MapIterator<[string, HostProgress]> {
    for (const part of this.#parts) yield* part;
  }

  *keys(): MapIterator<string> {
    for (const part of this.#parts) yield* part.keys();
  }

  *values(): MapIterator<HostProgress> {
    for (const part of this.#parts) yield* part.values();
  }

  [Symbol.iterator](): MapIterator<[string, HostProgress]> {
    return this.entries();
  }

  forEach(
    callback: (host: HostProgress, name: string, table: ReadonlyMap<string, HostProgress>) => void,
  ): void {
    for (const [name, host] of this) callback(host, name, this);
  }
}

function changed(
  counts: HostCounts,
  before: HostProgress | undefined,
  after: HostProgress,
): HostCounts {
  const change = (is: (host: HostProgress) => boolean): number =>
    Number(is(after)) - Number(before !== undefined && is(before));
  return {
    all: counts.all + change(() => true),
    selected: counts.selected + change(({ state }) => state === 'selected'),
    active: counts.active + change(isActive),
    ending: counts.ending + change(({ endReportedAtMs }) => endReportedAtMs !== undefined),
  };
}

function partOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
  }
  return (hash >>> 0) % PARTS;
}

/**
 * What has been sent of one map in its present window, to tell which keys changed since.
 *
 * A window begins anew when the program clears or zeroes the map: absolute values only grow comparable within it.
 */
import type { RawMapEntry, RawMapValue } from '@bpfleet/protocol';

export interface MapChanges {
  readonly entries: readonly RawMapEntry[];
  readonly deleted: readonly Uint8Array[];
}

/** Which of the keys that have not changed are sent nevertheless, in case an earlier frame never arrived. */
export type Refresh = 'none' | 'some' | 'all';

/** `read`: in which of the reads it was last there. `turn`: when it is refreshed. */
interface Sent {
  readonly key: Uint8Array;
  readonly turn: number;
  value: string;
  read: number;
}

/** So many reads with `some` refresh everything. */
export const REFRESH_READS = 30;
/** Deletions beyond are told once. */
const MAX_DELETED = 10_000;

export class MapWindow {
  readonly #sent = new Map<string, Sent>();
  /** Keys that are gone, to be told again. */
  readonly #deleted = new Map<string, Pick<Sent, 'key' | 'turn'>>();
  #reads = 0;
  #added = 0;
  #number = 0;

  /** Counts windows from 0. */
  get number(): number {
    return this.#number;
  }

  restart(): void {
    this.#sent.clear();
    this.#deleted.clear();
    this.#number += 1;
  }

  /** What `entries`, the whole map as it is now, change against what was taken before; remembers them. */
  changes(entries: readonly RawMapEntry[], refresh: Refresh = 'none'): MapChanges {
    const read = ++this.#reads;
    const isDue = ({ turn }: Pick<Sent, 'turn'>): boolean =>
      refresh === 'all' || (refresh === 'some' && turn === read % REFRESH_READS);
    const changed: RawMapEntry[] = [];
    for (const entry of entries) {
      const id = latin1(entry.key);
      const value = signatureOf(entry.value);
      const sent = this.#sent.get(id);
      if (sent === undefined) {
        const turn = this.#added++ % REFRESH_READS;
        this.#sent.set(id, { key: entry.key, turn, value, read });
        this.#deleted.delete(id);
        changed.push(entry);
      } else {
        if (sent.value !== value || isDue(sent)) changed.push(entry);
        sent.value = value;
        sent.read = read;
      }
    }
    return { entries: changed, deleted: this.#takeDeleted(read, isDue) };
  }

  #takeDeleted(read: number, isDue: (key: Pick<Sent, 'turn'>) => boolean): readonly Uint8Array[] {
    const again = [...this.#deleted.values()].filter(isDue).map(({ key }) => key);
    const deleted: Uint8Array[] = [];
    for (const [id, sent] of this.#sent) {
      if (sent.read === read) continue;
      this.#sent.delete(id);
      if (this.#deleted.size < MAX_DELETED) this.#deleted.set(id, sent);
      deleted.push(sent.key);
    }
    return [...deleted, ...again];
  }
}

/** Without a copy in between: maps have up to millions of keys. */
function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

function signatureOf(value: RawMapValue): string {
  switch (value.kind) {
    case 'plain':
      return latin1(value.bytes);
    case 'count':
      return String(value.count);
    case 'sum':
      return String(value.total);
    case 'min':
    case 'max':
      return String(value.value);
    case 'avg':
    case 'stats':
      return `${value.total}/${value.count}`;
    case 'hist':
    case 'lhist':
      return value.buckets.map(([bucket, count]) => `${bucket}:${count}`).join();
    case 'tseries':
      return value.points.map(({ epoch, value: at, meta }) => `${epoch}:${at}:${meta}`).join();
  }
}

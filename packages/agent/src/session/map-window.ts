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

/** `read`: in which of the reads it was last there. */
interface Sent {
  readonly key: Uint8Array;
  value: string;
  read: number;
}

export class MapWindow {
  readonly #sent = new Map<string, Sent>();
  #reads = 0;
  #number = 0;

  /** Counts windows from 0. */
  get number(): number {
    return this.#number;
  }

  restart(): void {
    this.#sent.clear();
    this.#number += 1;
  }

  /** What `entries`, the whole map as it is now, change against what was taken before; remembers them. */
  changes(entries: readonly RawMapEntry[]): MapChanges {
    const changed: RawMapEntry[] = [];
    const read = ++this.#reads;
    for (const entry of entries) {
      const id = latin1(entry.key);
      const value = signatureOf(entry.value);
      const sent = this.#sent.get(id);
      if (sent?.value !== value) changed.push(entry);
      if (sent === undefined) this.#sent.set(id, { key: entry.key, value, read });
      else Object.assign(sent, { value, read });
    }
    const deleted: Uint8Array[] = [];
    for (const [id, sent] of this.#sent) {
      if (sent.read === read) continue;
      this.#sent.delete(id);
      deleted.push(sent.key);
    }
    return { entries: changed, deleted };
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

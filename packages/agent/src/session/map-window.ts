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

export class MapWindow {
  readonly #sent = new Map<string, { readonly key: Uint8Array; readonly value: string }>();
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
    const present = new Set<string>();
    for (const entry of entries) {
      const id = Buffer.from(entry.key).toString('latin1');
      const value = signatureOf(entry.value);
      present.add(id);
      if (this.#sent.get(id)?.value === value) continue;
      this.#sent.set(id, { key: entry.key, value });
      changed.push(entry);
    }
    const deleted: Uint8Array[] = [];
    for (const [id, { key }] of this.#sent) {
      if (present.has(id)) continue;
      this.#sent.delete(id);
      deleted.push(key);
    }
    return { entries: changed, deleted };
  }
}

function signatureOf(value: RawMapValue): string {
  switch (value.kind) {
    case 'plain':
      return Buffer.from(value.bytes).toString('latin1');
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

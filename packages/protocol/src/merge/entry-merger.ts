/** What several hosts counted, merged key by key. */
import type { MapSchema } from '../schema/map-schema.ts';
import type { MapEntry, MapValue } from '../value/value.ts';
import type { DecodedKey } from './host-map.ts';
import { mergeMapValues } from './monoid.ts';

export class EntryMerger {
  readonly #kind: MapValue['kind'];
  readonly #byHost: boolean;
  readonly #merged = new Map<string, { -readonly [Name in keyof MapEntry]: MapEntry[Name] }>();

  /** `byHost`: equal keys of two hosts stay two entries. */
  constructor(map: MapSchema, byHost: boolean) {
    this.#kind = map.value.kind;
    this.#byHost = byHost;
  }

  /** A host whose schema gives the map another kind of value has nothing to add to it. */
  add(host: string, { key, canonical }: DecodedKey, value: MapValue): void {
    if (value.kind !== this.#kind) return;
    const id = this.#byHost ? `${host}\0${canonical}` : canonical;
    const existing = this.#merged.get(id);
    if (existing !== undefined) existing.value = mergeMapValues(existing.value, value);
    else this.#merged.set(id, this.#byHost ? { key, host, value } : { key, value });
  }

  entries(): MapEntry[] {
    return [...this.#merged.values()];
  }
}

/** What several hosts counted, merged key by key. */
import type { MapEntry, MapValue } from '../value/value.ts';
import type { DecodedKey } from './host-map.ts';
import { mergeMapValues } from './monoid.ts';

/** One key's value on one host. */
export interface Contribution extends DecodedKey {
  readonly value: MapValue;
}

/** `byHost`: equal keys of two hosts stay two entries. */
export function mergeEntries(
  hosts: Iterable<readonly [string, Iterable<Contribution>]>,
  byHost: boolean,
): MapEntry[] {
  const merged = new Map<string, MapEntry>();
  for (const [host, contributions] of hosts) {
    for (const { key, canonical, value } of contributions) {
      const id = byHost ? `${host}\0${canonical}` : canonical;
      const existing = merged.get(id);
      const sum = existing === undefined ? value : mergeMapValues(existing.value, value);
      merged.set(id, byHost ? { key, host, value: sum } : { key, value: sum });
    }
  }
  return [...merged.values()];
}

/** Reads the user's maps out of the kernel, with the values of all CPUs reduced to one. */
import type { BpfMap } from '@bpfleet/bpf';
import { reduceMapValue, type MapSchema, type RawMapEntry } from '@bpfleet/protocol';

const NO_KEY = new Uint8Array(0);

export function readMap(schema: MapSchema, map: BpfMap, possibleCpus: number): RawMapEntry[] {
  const entries: RawMapEntry[] = [];
  const cpus = schema.perCpu ? possibleCpus : 1;
  for (const { key, value } of map.entries()) {
    const reduced = reduceMapValue(schema, value, cpus);
    if (reduced === undefined) continue;
    entries.push({
      key: schema.key === undefined ? NO_KEY : key,
      value: reduced,
    });
  }
  return entries;
}

/** Deletes every key; a scalar map goes back to "never assigned". */
export function clearMap(schema: MapSchema, map: BpfMap): void {
  if (schema.key === undefined) zeroMap(map);
  else map.clear();
}

/** Sets every value to zero and keeps the keys. */
export function zeroMap(map: BpfMap): void {
  for (const { key, value } of map.entries()) map.update(key, new Uint8Array(value.length));
}

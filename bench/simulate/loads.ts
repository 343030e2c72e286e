/** The loads there are, made in each process from a few plain words. */
import { EventLoad } from './event-load.ts';
import type { Load } from './load.ts';
import { MapLoad } from './map-load.ts';

export interface LoadSpec {
  readonly name: string;
  /** Keys of each host's map, or lines that each host prints in a second. */
  readonly size: number;
}

const LOADS: Readonly<Record<string, (size: number) => Load>> = {
  maps: (keys) => new MapLoad(keys),
  events: (lines) => new EventLoad(lines),
};

/** @throws for a name that none has */
export function makeLoad({ name, size }: LoadSpec): Load {
  const make = LOADS[name];
  if (make === undefined) throw new Error(`no load is called ${name}; there are maps and events`);
  return make(size);
}

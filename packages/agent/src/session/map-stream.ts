/** Sends the user's maps as frames: what changed every so often, a snapshot where printed, everything at the end. */
import {
  staysOnHost,
  zeroMapValue,
  type Frame,
  type MapSchema,
  type RawMapEntry,
  type Schema,
} from '@bpfleet/protocol';
import type { KernelObjects } from './kernel-objects.ts';
import { clearMap, readMap, zeroMap } from './map-reader.ts';
import { MapWindow, type Refresh } from './map-window.ts';
import type { NameStream } from './name-stream.ts';
import { hasNamedParts, hasProcessNames } from './named-values.ts';

export interface MapStreamOptions {
  readonly onFrame: (frame: Frame) => void;
  readonly scratchMaps: boolean;
  /** Nobody asks for changes: maps are read where the program prints them, and at the end. */
  readonly onlyAtEnd: boolean;
  /** The boot clock, nanoseconds. */
  readonly bootNs: () => bigint;
  /** Earlier frames still wait: later ones say the same, and newer. */
  readonly isBehind?: () => boolean;
}

export class MapStream {
  readonly #schema: Schema;
  readonly #objects: KernelObjects;
  readonly #names: NameStream;
  readonly #options: MapStreamOptions;
  readonly #windows = new Map<string, MapWindow>();
  readonly #ordinals = new Map<number, number>();
  /** Maps whose new window no receiver knows of. */
  readonly #unannounced = new Set<string>();
  /** Scalar maps that had a value when the program zeroed them: they print as zero. */
  readonly #zeroed = new Set<string>();

  constructor(
    schema: Schema,
    objects: KernelObjects,
    names: NameStream,
    options: MapStreamOptions,
  ) {
    this.#schema = schema;
    this.#objects = objects;
    this.#names = names;
    this.#options = options;
    for (const map of schema.maps) this.#windows.set(map.name, new MapWindow());
  }

  /** Sends the keys that changed since the last call, and some of the others, so that all are sent again in time. */
  streamChanges(): void {
    if (!this.#isBehind()) this.#stream('some');
  }

  /** Sends everything there is: the last word on these maps. */
  streamAll(): void {
    this.#stream('all');
  }

  #isBehind(): boolean {
    return this.#options.isBehind?.() === true;
  }

  #stream(refresh: Refresh): void {
    for (const map of this.#schema.maps) this.#streamMap(map, refresh);
  }

  #streamMap(map: MapSchema, refresh: Refresh): void {
    if (!this.#options.scratchMaps && staysOnHost(map)) return;
    const window = this.#window(map.name);
    const present = this.#read(map);
    const nsecs = this.#options.bootNs();
    const { entries, deleted } = this.#options.onlyAtEnd
      ? { entries: present, deleted: [] }
      : window.changes(present, refresh);
    const isAnnounced = !this.#unannounced.delete(map.name);
    if (entries.length === 0 && deleted.length === 0 && isAnnounced) return;
    this.#names.flush();
    this.#options.onFrame({
      kind: 'map',
      map: map.name,
      window: window.number,
      nsecs,
      entries,
      deleted,
    });
  }

  /** What a window has come to, before it is gone: the history adds windows up. */
  #streamLast(map: MapSchema): void {
    if (!this.#options.onlyAtEnd && !this.#isBehind()) this.#streamMap(map, 'none');
  }

  /** Whether keys or values hold addresses of processes, whose names are gone when the process is. */
  get hasProcessNames(): boolean {
    return this.#schema.maps.some(holdsProcessNames);
  }

  /** Resolves the names of processes while they live; their frame goes out with the next that uses them. */
  gatherProcessNames(): void {
    for (const map of this.#schema.maps) if (holdsProcessNames(map)) this.#read(map);
  }

  /** Answers a `print` of the program: the whole map as it is now. */
  print(event: number, nsecs: bigint): void {
    const schema = this.#schema.events[event];
    if (schema?.kind !== 'print-map') return;
    const ordinal = this.#ordinals.get(event) ?? 0;
    this.#ordinals.set(event, ordinal + 1);
    const entries = this.#read(this.#map(schema.map));
    this.#names.flush();
    this.#options.onFrame({ kind: 'print', event, ordinal, nsecs, entries });
  }

  clear(name: string): void {
    const map = this.#map(name);
    this.#streamLast(map);
    this.#zeroed.delete(name);
    clearMap(map, this.#objects.map(map.kernelMap));
    this.#restart(name);
  }

  zero(name: string): void {
    const map = this.#map(name);
    this.#streamLast(map);
    if (map.key === undefined && this.#read(map).length > 0) this.#zeroed.add(name);
    zeroMap(this.#objects.map(map.kernelMap));
    this.#restart(name);
  }

  /** Receivers drop the old window at the first frame of a new one, so it is announced even while empty. */
  #restart(name: string): void {
    const window = this.#window(name);
    window.restart();
    if (this.#isBehind()) {
      this.#unannounced.add(name);
      return;
    }
    this.#options.onFrame({
      kind: 'map',
      map: name,
      window: window.number,
      nsecs: this.#options.bootNs(),
      entries: [],
      deleted: [],
    });
  }

  #read(map: MapSchema): RawMapEntry[] {
    const entries = readMap(map, this.#objects.map(map.kernelMap), this.#objects.possibleCpus);
    if (entries.length === 0 && this.#zeroed.has(map.name)) {
      return [{ key: new Uint8Array(0), value: zeroMapValue(map) }];
    }
    const { key, value } = map;
    const namedKey = key !== undefined && hasNamedParts(key);
    const namedValue = value.kind === 'plain' && hasNamedParts(value.type);
    if (!namedKey && !namedValue) return entries;
    for (const entry of entries) {
      if (namedKey) this.#names.announce(key, entry.key);
      if (namedValue && entry.value.kind === 'plain') {
        this.#names.announce(value.type, entry.value.bytes);
      }
    }
    return entries;
  }

  #map(name: string): MapSchema {
    const map = this.#schema.maps.find((one) => one.name === name);
    if (map === undefined) throw new Error(`schema has no map ${name}`);
    return map;
  }

  #window(name: string): MapWindow {
    const window = this.#windows.get(name);
    if (window === undefined) throw new Error(`schema has no map ${name}`);
    return window;
  }
}

function holdsProcessNames({ key, value }: MapSchema): boolean {
  const types = [key, value.kind === 'plain' ? value.type : undefined];
  return types.some((type) => type !== undefined && hasProcessNames(type));
}

/** All that is known from the frames of one runner: one epoch of one host. */
import { NO_COST, type Cost } from '../api/cost.ts';
import type { LossCounts } from '../api/coverage.ts';
import { NO_LOSSES } from '../api/coverage.ts';
import type {
  EndReason,
  Frame,
  FrameHeader,
  HostName,
  RawMapEntry,
  RawMapValue,
} from '../frame/frame.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { Schema } from '../schema/schema.ts';
import { sizeOfValue } from '../schema/value-type.ts';
import type { DecodeOptions, NameLookup } from '../value/decode.ts';
import { decodeValue } from '../value/decode.ts';
import { decodeMapValue } from '../value/map-value.ts';
import type { MapValue, Value } from '../value/value.ts';
import type { Bounds } from './bounds.ts';
import { bytesOfId, idOf } from './byte-id.ts';
import { keyOf } from './canonical-key.ts';
import type { DecodedKey } from './host-map.ts';
import { HostMap } from './host-map.ts';
import { dependsOnHost, KeyCache } from './key-cache.ts';
import { NameTable } from './name-table.ts';
import { SequenceTracker } from './sequence-tracker.ts';

/** One key's value on one host. */
export interface Contribution {
  readonly key: DecodedKey;
  readonly value: MapValue;
}

/** Called with each key and its value. */
export type Visit = (key: DecodedKey, value: MapValue) => void;

/** By map; only for maps whose keys mean the same on every host. */
export type KeyCaches = ReadonlyMap<string, KeyCache>;

/** To be shared by the runners of one schema. */
export function keyCaches(schema: Schema): KeyCaches {
  const shared = schema.maps.filter(({ key }) => key !== undefined && !dependsOnHost(key));
  return new Map(shared.map(({ name }) => [name, new KeyCache()]));
}

export class RunnerState {
  readonly epoch: number;
  readonly schema: Schema;
  readonly decode: DecodeOptions;
  readonly sequences: SequenceTracker = new SequenceTracker();
  losses: LossCounts = NO_LOSSES;
  cost: Cost = NO_COST;
  end: { readonly reason: EndReason; readonly exitCode: number } | undefined;
  /** Records, entries and frames that did not fit the schema. */
  malformed = 0;
  /** Records, prints and output: what a runner reads from its ring buffer. */
  arrived = 0;
  readonly #maps = new Map<string, HostMap>();
  readonly #names: NameTable;
  readonly #bounds: Bounds;
  #refusedEntries = 0;
  readonly #keys: KeyCaches;

  constructor(
    { epoch, bootToUnixNs }: FrameHeader,
    schema: Schema,
    keys: KeyCaches,
    bounds: Bounds,
  ) {
    this.#keys = keys;
    this.#bounds = bounds;
    this.#names = new NameTable(bounds);
    this.epoch = epoch;
    this.schema = schema;
    this.decode = { bootToUnixNs, truncationTrailer: schema.output.truncationTrailer };
  }

  get names(): NameLookup {
    return this.#names.lookup;
  }

  /** What it sent beyond its bounds. */
  get refused(): number {
    return this.#refusedEntries + this.#names.refused;
  }

  learn(names: readonly HostName[]): void {
    this.#names.add(names);
  }

  map(name: string): MapSchema | undefined {
    return this.schema.maps.find((map) => map.name === name);
  }

  applyMap(frame: Extract<Frame, { kind: 'map' }>, sequence: number): void {
    const schema = this.map(frame.map);
    if (schema === undefined) {
      this.malformed++;
      return;
    }
    const entries = frame.entries.filter((entry) => this.#fits(schema, entry));
    this.malformed += frame.entries.length - entries.length;
    let map = this.#maps.get(frame.map);
    if (map === undefined) this.#maps.set(frame.map, (map = new HostMap()));
    const others = [...this.#maps.values()].reduce((sum, { size }) => sum + size, -map.size);
    const maxKeys = this.#bounds.keys - others;
    const { settled } = this.sequences;
    this.#refusedEntries += map.apply({ ...frame, entries }, sequence, settled, maxKeys);
  }

  /** Decoded entries of a print frame; those that do not fit are counted and left out. */
  printed(schema: MapSchema, entries: readonly RawMapEntry[]): Contribution[] {
    const printed: Contribution[] = [];
    for (const entry of entries) {
      const value = this.#fits(schema, entry) ? this.#value(schema, entry.value) : undefined;
      if (value === undefined) this.malformed++;
      else printed.push({ key: this.#key(schema, idOf(entry.key)).key, value });
    }
    return printed;
  }

  /** The map as it stands, read as this runner laid it out: other hosts may do so differently. */
  visit(name: string, visit: Visit): void {
    const schema = this.map(name);
    if (schema === undefined) return;
    this.#maps.get(name)?.visit(
      (id) => this.#key(schema, id),
      (key, raw) => {
        const value = this.#value(schema, raw);
        if (value !== undefined) visit(key, value);
      },
    );
  }

  /** The host has cleared the map since this runner started. */
  hasCleared(map: string): boolean {
    return (this.#maps.get(map)?.window ?? 0) > 0;
  }

  /** Entries were checked when they came; only plain ones are still bytes. */
  #value(schema: MapSchema, raw: RawMapValue): MapValue | undefined {
    return raw.kind === 'plain' ? decodeMapValue(schema, raw, this.names, this.decode) : raw;
  }

  #fits(schema: MapSchema, { key, value }: RawMapEntry): boolean {
    const keyBytes = schema.key === undefined ? 0 : sizeOfValue(schema.key);
    if (key.length !== keyBytes) return false;
    if (value.kind === 'plain') return schema.value.kind === 'plain';
    return decodeMapValue(schema, value, this.names, this.decode) !== undefined;
  }

  /** Not final while a name in it has not come yet. */
  #key(schema: MapSchema, id: string): { key: DecodedKey; final: boolean } {
    if (schema.key === undefined) return { key: SCALAR, final: true };
    const cache = this.#keys.get(schema.name);
    const cached = cache?.get(id);
    if (cached !== undefined) return { key: cached, final: true };
    let final = true;
    const names: NameLookup = (type, nameId) => {
      const text = this.names(type, nameId);
      if (text === undefined) final = false;
      return text;
    };
    const value = decodeValue(schema.key, bytesOfId(id), names, this.decode);
    const key = new LazyKey(value);
    cache?.set(id, key);
    return { key, final };
  }
}

/** Its canonical text is made where keys of several hosts are matched, which one host alone has no need of. */
class LazyKey implements DecodedKey {
  readonly key: Value;
  #canonical: string | undefined;

  constructor(key: Value) {
    this.key = key;
  }

  get canonical(): string {
    return (this.#canonical ??= keyOf(this.key));
  }
}

const SCALAR: DecodedKey = { key: undefined, canonical: '' };

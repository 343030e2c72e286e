/** All that is known from the frames of one runner: one epoch of one host. */
import type { LossCounts } from '../api/coverage.ts';
import { NO_LOSSES } from '../api/coverage.ts';
import type { EndReason, Frame, HostName, RawMapEntry } from '../frame/frame.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { Schema } from '../schema/schema.ts';
import { sizeOfValue } from '../schema/value-type.ts';
import type { DecodeOptions, NameLookup } from '../value/decode.ts';
import { decodeValue } from '../value/decode.ts';
import { decodeMapValue } from '../value/map-value.ts';
import { keyOf } from './canonical-key.ts';
import type { DecodedKey } from './host-map.ts';
import { HostMap, idOf } from './host-map.ts';
import type { Contribution } from './merge-entries.ts';
import { SequenceTracker } from './sequence-tracker.ts';

export interface RunnerCost {
  readonly runTimeNs: bigint;
  readonly runs: bigint;
}

export class RunnerState {
  readonly epoch: number;
  readonly schema: Schema;
  readonly decode: DecodeOptions;
  readonly sequences: SequenceTracker = new SequenceTracker();
  losses: LossCounts = NO_LOSSES;
  cost: RunnerCost = { runTimeNs: 0n, runs: 0n };
  end: { readonly reason: EndReason; readonly exitCode: number } | undefined;
  /** Records, entries and frames that did not fit the schema. */
  malformed = 0;
  readonly #maps = new Map<string, HostMap>();
  readonly #names = new Map<string, readonly string[]>();

  constructor(epoch: number, schema: Schema, bootToUnixNs: bigint) {
    this.epoch = epoch;
    this.schema = schema;
    this.decode = { bootToUnixNs, truncationTrailer: schema.output.truncationTrailer };
  }

  readonly names: NameLookup = (type, id) => this.#names.get(`${type}:${idOf(id)}`);

  learn(names: readonly HostName[]): void {
    for (const { type, id, text } of names) this.#names.set(`${type}:${idOf(id)}`, text);
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
    map.apply({ ...frame, entries }, sequence, this.sequences.settled);
  }

  /** Decoded entries of a print frame; those that do not fit are counted and left out. */
  printed(schema: MapSchema, entries: readonly RawMapEntry[]): Contribution[] {
    const fitting = entries.filter((entry) => this.#fits(schema, entry));
    this.malformed += entries.length - fitting.length;
    return fitting.flatMap((entry) =>
      this.#contribution(schema, this.#decodeKey(schema, entry.key).key, entry.value),
    );
  }

  /** The map as it stands. */
  *contributions(schema: MapSchema): Generator<Contribution> {
    const map = this.#maps.get(schema.name);
    if (map === undefined) return;
    for (const entry of map.entries((bytes) => this.#decodeKey(schema, bytes))) {
      yield* this.#contribution(schema, entry, entry.value);
    }
  }

  /** The host has cleared the map since this runner started. */
  hasCleared(map: string): boolean {
    return (this.#maps.get(map)?.window ?? 0) > 0;
  }

  #contribution(schema: MapSchema, key: DecodedKey, raw: RawMapEntry['value']): Contribution[] {
    const value = decodeMapValue(schema, raw, this.names, this.decode);
    return value === undefined ? [] : [{ key: key.key, canonical: key.canonical, value }];
  }

  #fits(schema: MapSchema, { key, value }: RawMapEntry): boolean {
    const keyBytes = schema.key === undefined ? 0 : sizeOfValue(schema.key);
    if (key.length !== keyBytes) return false;
    return decodeMapValue(schema, value, this.names, this.decode) !== undefined;
  }

  /** Not final while a name in it has not come yet. */
  #decodeKey(schema: MapSchema, bytes: Uint8Array): { key: DecodedKey; final: boolean } {
    if (schema.key === undefined) return { key: { key: undefined, canonical: '' }, final: true };
    let final = true;
    const names: NameLookup = (type, id) => {
      const text = this.names(type, id);
      if (text === undefined) final = false;
      return text;
    };
    const key = decodeValue(schema.key, bytes, names, this.decode);
    return { key: { key, canonical: keyOf(key) }, final };
  }
}

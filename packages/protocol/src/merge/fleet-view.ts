/**
 * One session as its frames tell it: the maps of all hosts merged, the events of all hosts in order of time, what was
 * lost. Frames are absolute, so a view fed with the same frames twice, late or after a gap shows the same.
 */
import { laterCost, type Cost } from '../api/cost.ts';
import type { LossCounts } from '../api/coverage.ts';
import type { LeftBehind } from '../api/left-behind.ts';
import { addLosses, NO_LOSSES } from '../api/coverage.ts';
import type { FrameCorrelation } from '../correlate/frame-correlation.ts';
import type { EndReason, Frame, FrameHeader } from '../frame/frame.ts';
import { escapeControls } from '../render/escape.ts';
import type { MapItem, OutputItem } from '../render/output-item.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { Schema } from '../schema/schema.ts';
import { decodeEvent } from '../value/decode-event.ts';
import { BOUNDS, UNBOUNDED, type Bounds } from './bounds.ts';
import type { EventOrigin } from './event-items.ts';
import { EventItems } from './event-items.ts';
import { EntryMerger } from './entry-merger.ts';
import { EventOrder } from './event-order.ts';
import { HostState } from './host-state.ts';
import { ringUnits } from './ring-units.ts';
import type { MergeMode } from './merge-mode.ts';
import type { PrintGroup } from './print-groups.ts';
import { mapPrint, PrintGroups } from './print-groups.ts';
import type { KeyCaches, RunnerState } from './runner-state.ts';
import { keyCaches } from './runner-state.ts';
import { dependsOnHost } from './key-cache.ts';
import type { MapEntry } from '../value/value.ts';

export interface FleetViewOptions {
  /** False for `bpfleet local`: everything comes out at once and nothing names a host. */
  readonly fleet: boolean;
  /** `meaning` when absent. */
  readonly merge?: MergeMode;
  /** How long a print waits for hosts that have not reported it; 2000. */
  readonly graceMs?: number;
  /** Makes spans and pairs of the events, which are printed among them. */
  readonly correlation?: FrameCorrelation;
  /** What is kept of each host at most; BOUNDS on a fleet when absent. */
  readonly bounds?: Bounds;
  /** Make control characters of traced strings in printed lines visible, and leave those of the program itself. */
  readonly escapeStrings?: boolean;
}

/** What is known of one host. */
export interface HostSummary {
  readonly losses: LossCounts;
  readonly cost: Cost;
  readonly end: { readonly reason: EndReason; readonly exitCode: number } | undefined;
  /** Prints of maps that came when the window they belong to had been printed without them. */
  readonly latePrints: number;
}

export class FleetView {
  readonly #schema: Schema;
  readonly #options: FleetViewOptions;
  readonly #schemas = new Map<string, Schema>();
  /** By name; the first schema that has a map says what it means. */
  readonly #maps = new Map<string, MapSchema>();
  readonly #hosts = new Map<string, HostState>();
  readonly #keys = new Map<Schema, KeyCaches>();
  readonly #order = new EventOrder();
  readonly #prints: PrintGroups;
  readonly #eventItems: EventItems;
  readonly #bounds: Bounds;
  #live: ReadonlySet<string> | undefined;
  #selected = 0;
  /** What `#findWaitedFor` found; undefined since something of it has changed. */
  #waited: ReadonlySet<string> | undefined;

  constructor(schema: Schema, options: FleetViewOptions) {
    this.#schema = schema;
    for (const map of schema.maps) this.#maps.set(map.name, map);
    this.#options = options;
    this.#eventItems = new EventItems(options.escapeStrings === true ? escapeControls : undefined);
    this.#bounds = options.bounds ?? (options.fleet ? BOUNDS : UNBOUNDED);
    this.#prints = new PrintGroups(options.graceMs ?? 2000, this.#bounds.printEntries);
  }

  /** Hosts with other kernels may lay the same program's events out differently; without any, all share one schema. */
  addSchema(schemaHash: string, schema: Schema): void {
    this.#schemas.set(schemaHash, schema);
    // A host whose kernel lacks a probe may lack the maps that are used there only.
    for (const map of schema.maps) if (!this.#maps.has(map.name)) this.#maps.set(map.name, map);
  }

  /** On a fleet the items wait for `release`; without one they are returned. Never throws for what a frame holds. */
  apply(header: FrameHeader, frame: Frame): OutputItem[] {
    const host = this.#host(header.host);
    const schema = this.#schemaOf(header);
    const before = host.runner;
    const runner = host.runnerOf(header, schema, this.#keysOf(schema));
    if (runner !== before || frame.kind === 'end') this.#waited = undefined;
    if (runner === undefined || !runner.sequences.accept(header.sequence)) return [];
    this.#options.correlation?.frame(header, frame);
    this.#applyTo(host, runner, header, frame);
    if (frame.kind === 'end') this.#options.correlation?.settle(header.host);
    this.#queueCorrelated();
    this.#queueCompletePrints();
    return this.#options.fleet ? [] : this.#order.release();
  }

  /**
   * Prints wait for the live hosts. Until it is called they wait for those that have sent frames and have not ended.
   *
   * @param selected how many hosts a print is to rest on, those that failed, ended or are gone included
   */
  setLiveHosts(live: Iterable<string>, selected = 0): void {
    this.#live = new Set(live);
    this.#selected = selected;
    this.#waited = undefined;
    this.#queueCompletePrints();
  }

  /** From the host's clock to fleet time. */
  setClockOffset(host: string, offsetNs: number): void {
    this.#host(host).clockOffsetNs = BigInt(Math.round(offsetNs));
  }

  /** Lets prints go that have waited for the grace period; `release` returns them. */
  expire(nowMs: number): void {
    this.#queuePrints(this.#prints.takeExpired(nowMs));
  }

  /** What was printed before that fleet time, in its order. */
  release(beforeUnixNs: bigint): OutputItem[] {
    this.#options.correlation?.settle();
    this.#queueCorrelated();
    return this.#order.release(beforeUnixNs);
  }

  /** The end: everything that still waits, complete or not. */
  flush(): OutputItem[] {
    this.#queuePrints(this.#prints.takeAll());
    this.#options.correlation?.settle();
    this.#queueCorrelated();
    return this.#order.release();
  }

  /** All maps that hold anything, merged, by name. */
  maps(): MapItem[] {
    const maps = [...this.#maps.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return maps.map((map) => this.#mapItem(map)).filter((item) => item.entries.length > 0);
  }

  /** Totals over all hosts and hops; frames that did not arrive or made no sense count at the broker. */
  losses(): LossCounts {
    return [...this.#hosts.values()]
      .map((host) => this.#lossesOf(host))
      .reduce(addLosses, NO_LOSSES);
  }

  summary(host: string): HostSummary {
    const state = this.#hosts.get(host) ?? new HostState(host, this.#bounds);
    const latePrints = this.#prints.late(host);
    return { losses: this.#lossesOf(state), cost: state.cost, end: state.runner?.end, latePrints };
  }

  /** Of the hosts that have ended, by name, the first code that is not 0. */
  get exitCode(): number {
    const hosts = [...this.#hosts.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1));
    const codes = hosts.map(({ runner }) => runner?.end?.exitCode ?? 0);
    return codes.find((code) => code !== 0) ?? 0;
  }

  /** The host's runner was killed, and could not say itself what is lost. */
  leave(host: string, left: LeftBehind): void {
    this.#host(host).leave(left);
  }

  #applyTo(host: HostState, runner: RunnerState, header: FrameHeader, frame: Frame): void {
    runner.arrived += ringUnits(frame);
    switch (frame.kind) {
      case 'events':
        return this.#applyRecords(host, runner, header, frame.records);
      case 'map':
        return runner.applyMap(frame, header.sequence);
      case 'print':
        return this.#applyPrint(host, runner, header, frame);
      case 'names':
        return runner.learn(frame.names);
      case 'output': {
        const kind = runner.schema.events[frame.event]?.kind;
        if (kind !== 'system' && kind !== 'cat') {
          runner.malformed++;
          return;
        }
        return this.#queue(host, header, frame.nsecs, { kind, text: frame.text });
      }
      case 'losses':
        return this.#applyLosses(host, runner, header, frame.losses);
      case 'cost':
        runner.cost = laterCost(runner.cost, frame.cost);
        return;
      case 'end':
        runner.end = { reason: frame.reason, exitCode: frame.exitCode };
        return;
    }
  }

  #applyRecords(
    host: HostState,
    runner: RunnerState,
    header: FrameHeader,
    records: readonly Uint8Array[],
  ): void {
    const options = { ...runner.decode, bootToUnixNs: header.bootToUnixNs };
    let index = 0;
    for (const record of records) {
      const event = decodeEvent(runner.schema, record, runner.names, options);
      if (event.kind === 'malformed') {
        runner.malformed++;
        continue;
      }
      host.lastEventNs = larger(host.lastEventNs, event.header.nsecs);
      const origin = this.#origin(host, header, event.header.nsecs);
      const item = this.#eventItems.itemOf(event, origin);
      if (item === undefined) continue;
      this.#order.add(item, origin.unixNs, host);
      this.#options.correlation?.event(header, runner.schema, event, item, index);
      index += 1;
    }
  }

  #applyPrint(
    host: HostState,
    runner: RunnerState,
    header: FrameHeader,
    frame: Extract<Frame, { kind: 'print' }>,
  ): void {
    const event = runner.schema.events[frame.event];
    const map = event?.kind === 'print-map' ? runner.map(event.map) : undefined;
    if (event?.kind !== 'print-map' || map === undefined) {
      runner.malformed++;
      return;
    }
    const more = frame.more === true;
    const entries = runner.printed(map, frame.entries);
    this.#prints.add({
      host: host.host,
      epoch: header.epoch,
      print: mapPrint(event, map),
      ordinal: frame.ordinal,
      unixNs: this.#origin(host, header, frame.nsecs).unixNs,
      entries: more ? entries : [...entries, ...host.countedBefore(map)],
      more,
    });
  }

  /** Totals only grow, so the larger of two frames is the newer. */
  #applyLosses(
    host: HostState,
    runner: RunnerState,
    header: FrameHeader,
    losses: LossCounts,
  ): void {
    const before = runner.losses;
    runner.losses = {
      ringBuffer: Math.max(before.ringBuffer, losses.ringBuffer),
      mapFull: Math.max(before.mapFull, losses.mapFull),
      missedRuns: Math.max(before.missedRuns, losses.missedRuns),
      agentQueue: Math.max(before.agentQueue, losses.agentQueue),
      broker: Math.max(before.broker, losses.broker),
      coordinator: 0,
      store: Math.max(before.store, losses.store),
    };
    const count = runner.losses.ringBuffer - before.ringBuffer;
    if (count > 0) this.#queue(host, header, host.lastEventNs, { kind: 'lost-events', count });
  }

  #queue(
    host: HostState,
    header: FrameHeader,
    nsecs: bigint,
    item:
      | { readonly kind: 'system' | 'cat'; readonly text: string }
      | { readonly kind: 'lost-events'; readonly count: number },
  ): void {
    const origin = this.#origin(host, header, nsecs);
    this.#order.add({ ...origin, ...item }, origin.unixNs, host);
  }

  #queueCorrelated(): void {
    for (const made of this.#options.correlation?.take() ?? []) this.#order.add(made, made.unixNs);
  }

  #queueCompletePrints(): void {
    if (this.#prints.size === 0) return;
    this.#queuePrints(this.#prints.takeComplete(this.#waitedFor()));
    this.#queuePrints(this.#prints.takeOverflow());
  }

  #queuePrints(groups: readonly PrintGroup[]): void {
    for (const group of groups) {
      const { top, divisor } = group.print;
      const map = this.#maps.get(group.print.map.name) ?? group.print.map;
      const merger = new EntryMerger(map, this.#splits(map));
      for (const [host, entries] of group.reports) {
        // Half a report would look like the whole of it.
        if (!group.complete.has(host)) continue;
        for (const { key, value } of entries) merger.add(host, key, value);
      }
      const item: MapItem = {
        kind: 'map',
        map,
        entries: merger.entries(),
        ...(top === undefined ? {} : { top }),
        ...(divisor === undefined ? {} : { divisor }),
        ...(this.#options.fleet ? { reporting: this.#reporting(group), unixNs: group.unixNs } : {}),
      };
      this.#order.add(item, group.unixNs);
    }
  }

  #reporting(group: PrintGroup): readonly [number, number] {
    const known = new Set([...this.#waitedFor(), ...this.#seen(), ...group.complete]);
    return [group.complete.size, Math.max(this.#selected, known.size)];
  }

  #mapItem(map: MapSchema): MapItem {
    if (!this.#options.fleet && !(map.key !== undefined && dependsOnHost(map.key))) {
      return { kind: 'map', map, entries: this.#unmerged(map.name) };
    }
    const merger = new EntryMerger(map, this.#splits(map));
    for (const host of this.#hosts.values()) {
      host.visit(map.name, (key, value) => merger.add(host.host, key, value));
    }
    return { kind: 'map', map, entries: merger.entries() };
  }

  /** A map of the only host: nothing is to be merged where no name can make two keys one. */
  #unmerged(map: string): MapEntry[] {
    const entries: MapEntry[] = [];
    for (const host of this.#hosts.values()) {
      host.visit(map, ({ key }, value) => entries.push({ key, value }));
    }
    return entries;
  }

  /** Whether keys of the map carry their host. A plain value is one host's own: there is no sum of it. */
  #splits(map: MapSchema): boolean {
    const { fleet, merge = 'meaning' } = this.#options;
    if (!fleet) return false;
    if (map.value.kind === 'plain') return true;
    return merge === 'host' || (merge === 'meaning' && map.hostLocal);
  }

  #host(name: string): HostState {
    let host = this.#hosts.get(name);
    if (host === undefined) this.#hosts.set(name, (host = new HostState(name, this.#bounds)));
    return host;
  }

  #schemaOf(header: FrameHeader): Schema {
    return this.#schemas.get(header.schemaHash) ?? this.#schema;
  }

  #keysOf(schema: Schema): KeyCaches {
    let keys = this.#keys.get(schema);
    if (keys === undefined) {
      // Of one host, every key comes once.
      keys = this.#options.fleet ? keyCaches(schema) : new Map();
      this.#keys.set(schema, keys);
    }
    return keys;
  }

  #lossesOf({ host, losses }: HostState): LossCounts {
    return { ...losses, coordinator: losses.coordinator + this.#prints.refused(host) };
  }

  /** Asked for with every frame while a print waits. */
  #waitedFor(): ReadonlySet<string> {
    return (this.#waited ??= this.#findWaitedFor());
  }

  #findWaitedFor(): ReadonlySet<string> {
    const names = [...(this.#live ?? this.#seen())];
    return new Set(names.filter((name) => this.#hosts.get(name)?.runner?.end === undefined));
  }

  #seen(): readonly string[] {
    const seen = [...this.#hosts.values()].filter(({ runner }) => runner !== undefined);
    return seen.map(({ host }) => host);
  }

  #origin(host: HostState, header: FrameHeader, nsecs: bigint): EventOrigin {
    const unixNs = nsecs + header.bootToUnixNs + host.clockOffsetNs;
    return this.#options.fleet ? { host: host.host, unixNs } : { unixNs };
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** One host of a session: its current runner, and what runners before it counted. */
import { addCosts, NO_COST, type Cost } from '../api/cost.ts';
import { lossesOfSilent, lossesWith, type LeftBehind } from '../api/left-behind.ts';
import type { LossCounts } from '../api/coverage.ts';
import { addLosses, NO_LOSSES } from '../api/coverage.ts';
import type { FrameHeader } from '../frame/frame.ts';
import type { Schema } from '../schema/schema.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { MapValue } from '../value/value.ts';
import type { Bounds } from './bounds.ts';
import type { DecodedKey } from './host-map.ts';
import { mergeMapValues } from './monoid.ts';
import type { Contribution, KeyCaches, Visit } from './runner-state.ts';
import { RunnerState } from './runner-state.ts';

export class HostState {
  readonly host: string;
  runner: RunnerState | undefined;
  /** Added to this host's Unix time to give fleet time, nanoseconds. */
  clockOffsetNs = 0n;
  /** Boot-clock time of the latest event; losses are told at that time. */
  lastEventNs = 0n;
  #finished = new Map<string, ReadonlyMap<string, Contribution>>();
  #finishedLosses: LossCounts = NO_LOSSES;
  #finishedCost: Cost = NO_COST;
  readonly #bounds: Bounds;
  #runners = 0;
  /** Items, entries of prints and keys of earlier runners for which there was no room. */
  refused = 0;
  /** Of its items that wait to be put in order. */
  waitingUnits = 0;
  /** Of the last runner that was killed, as long as its losses are not among the finished ones. */
  #left: LeftBehind | undefined;

  constructor(host: string, bounds: Bounds) {
    this.host = host;
    this.#bounds = bounds;
  }

  /** Whether so much more may wait; what may not is counted. */
  admitsWaiting(units: number, items = 1): boolean {
    if (this.waitingUnits + units <= this.#bounds.waitingUnits) return true;
    this.refused += items;
    return false;
  }

  /** The runner that the frame belongs to; undefined for one that has been replaced. */
  runnerOf(header: FrameHeader, schema: Schema, keys: KeyCaches): RunnerState | undefined {
    const current = this.runner;
    if (current !== undefined && header.epoch < current.epoch) return undefined;
    if (current !== undefined && header.epoch === current.epoch) return current;
    if (this.#runners >= this.#bounds.runners) {
      this.refused += 1;
      return undefined;
    }
    this.#runners += 1;
    if (current !== undefined) this.#finish(current);
    if (this.#left !== undefined && this.#left.epoch < header.epoch) {
      this.#finishedLosses = addLosses(this.#finishedLosses, lossesOfSilent(this.#left));
      this.#left = undefined;
    }
    this.runner = new RunnerState(header, schema, keys, this.#bounds);
    return this.runner;
  }

  /** A runner was killed. Said of one that has been replaced, it comes too late. */
  leave(left: LeftBehind): void {
    const known = Math.max(this.runner?.epoch ?? 0, this.#left?.epoch ?? 0);
    if (left.epoch >= known) this.#left = left;
  }

  /** The map over all runners. */
  visit(map: string, visit: Visit): void {
    const finished = this.#finished.get(map);
    if (finished === undefined || this.runner?.hasCleared(map) === true) {
      this.runner?.visit(map, visit);
      return;
    }
    const all = new Map(finished);
    this.runner?.visit(map, (key, value) => join(all, key, value));
    for (const { key, value } of all.values()) visit(key, value);
  }

  /**
   * What earlier runners counted and a print of the present one does not show. Plain values are left out: those the
   * present runner has replace them.
   */
  countedBefore(map: MapSchema): Contribution[] {
    if (map.value.kind === 'plain' || this.runner?.hasCleared(map.name) === true) return [];
    return [...(this.#finished.get(map.name)?.values() ?? [])];
  }

  /** What was dropped here, and with `broker` what did not arrive or make sense. */
  get losses(): LossCounts {
    const { runner } = this;
    const parts = [this.#finishedLosses];
    if (runner !== undefined) parts.push(this.#lossesOf(runner));
    if (this.#left !== undefined && this.#left.epoch !== runner?.epoch) {
      parts.push(lossesOfSilent(this.#left));
    }
    const losses = parts.reduce(addLosses);
    return { ...losses, coordinator: losses.coordinator + this.refused };
  }

  get cost(): Cost {
    const cost = this.runner?.cost;
    return cost === undefined ? this.#finishedCost : addCosts(this.#finishedCost, cost);
  }

  #finish(runner: RunnerState): void {
    const finished = new Map<string, ReadonlyMap<string, Contribution>>();
    let room = this.#bounds.keys;
    for (const map of runner.schema.maps) {
      const entries = new Map<string, Contribution>();
      this.visit(map.name, (key, value) => {
        if (entries.size < room || entries.has(key.canonical)) join(entries, key, value);
        else this.refused += 1;
      });
      room -= entries.size;
      finished.set(map.name, entries);
    }
    this.#finished = finished;
    this.#finishedLosses = addLosses(this.#finishedLosses, this.#lossesOf(runner));
    if (this.#left?.epoch === runner.epoch) this.#left = undefined;
    this.#finishedCost = this.cost;
    this.runner = undefined;
  }

  #lossesOf(runner: RunnerState): LossCounts {
    const losses = lossesOf(runner);
    if (this.#left?.epoch !== runner.epoch) return losses;
    return lossesWith(this.#left, losses, runner.arrived);
  }
}

/** A new runner starts with empty maps, so its counts add to the old ones. A plain value is replaced. */
function join(all: Map<string, Contribution>, key: DecodedKey, value: MapValue): void {
  const earlier = all.get(key.canonical)?.value;
  const replaces = earlier === undefined || value.kind === 'plain';
  all.set(key.canonical, { key, value: replaces ? value : mergeMapValues(earlier, value) });
}

function lossesOf(runner: RunnerState): LossCounts {
  const broker = runner.losses.broker + runner.sequences.missing + runner.malformed;
  return { ...runner.losses, broker, coordinator: runner.refused };
}

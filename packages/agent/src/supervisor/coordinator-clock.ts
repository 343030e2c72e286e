/** What time it is at the coordinator, from its beats: start times are meant by its clock, and this host's may be wrong. */
import type { CoordinatorBeat } from '@bpfleet/protocol';

const BEATS = 30;
/** So many beats in a row that all seem to be late mean that the coordinator's clock went back. */
const LATE_BEATS = 3;
const LATE_MS = 1_000;

export class CoordinatorClock {
  /** Monotonic time here less Unix time there, milliseconds: too large by what a beat was on its way. */
  #differencesMs: number[] = [];

  heard({ sentAtMs }: CoordinatorBeat, nowMs: number): void {
    this.#differencesMs.push(nowMs - sentAtMs);
    if (this.#differencesMs.length > BEATS) this.#differencesMs.shift();
    const latest = this.#differencesMs.slice(-LATE_BEATS);
    if (Math.min(...latest) > Math.min(...this.#differencesMs) + LATE_MS) {
      this.#differencesMs = latest;
    }
  }

  /** How far that time of the coordinator is away; undefined before the first beat. */
  untilMs(unixMs: number, nowMs: number): number | undefined {
    if (this.#differencesMs.length === 0) return undefined;
    return unixMs + Math.min(...this.#differencesMs) - nowMs;
  }
}

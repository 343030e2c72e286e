/**
 * Types that the program was told of. `if comptime (typeinfo($x) …)` decides what is compiled by the type of `$x`; code that
 * comes in by it must not change that type again.
 */
import type { Promotable } from '../types/promote.ts';
import { equal, widen } from './map-types.ts';
import type { MapState } from './map-types.ts';

export interface MapLock {
  readonly key: Promotable | undefined;
  readonly value: Promotable | undefined;
}

export class TypeLocks {
  readonly #variables = new Map<string, Promotable>();
  readonly #maps = new Map<string, MapLock>();

  /** `probe` is its place among the probes; names of variables are unique within it. */
  lockVariable(probe: number, name: string, type: Promotable): void {
    const key = `${probe} ${name}`;
    if (!this.#variables.has(key)) this.#variables.set(key, type);
  }

  lockMap({ name, key, exact }: MapState): void {
    const known = this.#maps.get(name);
    this.#maps.set(name, { key: known?.key ?? key, value: known?.value ?? exact });
  }

  variable(probe: number, name: string): Promotable | undefined {
    return this.#variables.get(`${probe} ${name}`);
  }

  map(name: string): MapLock | undefined {
    return this.#maps.get(name);
  }
}

/** Whether a value can be kept without changing the locked type. */
export function keeps(lock: Promotable, given: Promotable): boolean {
  const widened = widen(lock, given);
  return widened !== undefined && equal({ type: lock.type }, { type: widened.type });
}

/** What is known of the types of the program's maps so far. Types only ever widen, so that inference comes to an end. */
import type { Span } from '../source.ts';
import { promote, promoteFlexible, sameType } from '../types/promote.ts';
import type { Promotable } from '../types/promote.ts';
import { integer } from '../types/scalars.ts';
import { commonFlexibility, sameFlexibility } from '../types/sign-flexible.ts';
import type { Aggregation, Type } from '../types/type.ts';

export interface MapState {
  readonly name: string;
  /** Undefined until the first use shows whether the map has keys. */
  keyed: boolean | undefined;
  firstUse: Span | undefined;
  key: Promotable | undefined;
  value: Promotable | undefined;
  /** The value in as few bytes as it takes; the map keeps integers in eight. */
  exact: Promotable | undefined;
}

export class MapTypes {
  readonly #states = new Map<string, MapState>();
  /** Counts changes, to see when a round brings none. */
  #changes = 0;

  get changes(): number {
    return this.#changes;
  }

  get states(): ReadonlyMap<string, MapState> {
    return this.#states;
  }

  state(name: string): MapState {
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    const state: MapState = {
      name,
      keyed: undefined,
      firstUse: undefined,
      key: undefined,
      value: undefined,
      exact: undefined,
    };
    this.#states.set(name, state);
    return state;
  }

  /** False if the map was used the other way before. */
  use(name: string, keyed: boolean, span: Span): boolean {
    const state = this.state(name);
    if (state.keyed === undefined) {
      state.keyed = keyed;
      state.firstUse = span;
      this.#changes++;
    }
    return state.keyed === keyed;
  }

  /** Widens the key to hold this one as well; false if nothing holds both. */
  widenKey(name: string, key: Promotable): boolean {
    const state = this.state(name);
    const widened = widen(state.key, key);
    if (widened === undefined) return false;
    if (!equal(state.key, widened)) this.#changes++;
    state.key = widened;
    return true;
  }

  /** Plain integers are kept in 64 bits, so that the kernel can add to them in place. */
  widenValue(name: string, value: Promotable): boolean {
    const state = this.state(name);
    const widened = widen(state.value, wide(value));
    const exact = widen(state.exact, value);
    if (widened === undefined || exact === undefined) return false;
    if (!equal(state.value, widened) || !equal(state.exact, exact)) this.#changes++;
    state.exact = exact;
    state.value = widened;
    return true;
  }

  setAggregation(name: string, type: Aggregation): void {
    const state = this.state(name);
    if (state.value === undefined || !sameType(state.value.type, type)) this.#changes++;
    state.value = { type };
  }
}

/** What holds both; flexible signs stay so only among themselves. */
export function widen(current: Promotable | undefined, given: Promotable): Promotable | undefined {
  if (current === undefined) return given;
  const followsTarget = given.followsTarget === true && current.followsTarget === true;
  const type = followsTarget ? promoteAddresses(current, given) : promoteFlexible(current, given);
  if (type === undefined) return undefined;
  const signFlexible = commonFlexibility(current.signFlexible, given.signFlexible);
  return { type, signFlexible, followsTarget };
}

/** A variable takes 64 bits whatever its type, so its address fits the wider one. */
function promoteAddresses({ type: a }: Promotable, { type: b }: Promotable): Type | undefined {
  if (a.kind !== 'pointer' || b.kind !== 'pointer') return undefined;
  const target = promote(a.target, b.target);
  return target === undefined ? undefined : { ...b, target };
}

export function equal(a: Promotable | undefined, b: Promotable): boolean {
  return (
    a !== undefined && sameType(a.type, b.type) && sameFlexibility(a.signFlexible, b.signFlexible)
  );
}

function wide(given: Promotable): Promotable {
  const { type } = given;
  const widened: Type = type.kind === 'integer' ? integer(8, type.signed) : type;
  return { ...given, type: widened };
}

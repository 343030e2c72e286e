/** Random choices in the order they are needed, which fast-check can replay. */
import fc from 'fast-check';

export interface Choices {
  /** An integer from 0 to one below `limit`. */
  readonly below: (limit: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly bigint: (min: bigint, max: bigint) => bigint;
}

/**
 * Runs a property over choices drawn while it runs; `numRuns` times. The first failure is reported as it is: to shrink
 * one takes minutes, and the message names what was written.
 */
export function assertForChoices(
  property: (choices: Choices) => void,
  { numRuns, seed }: { readonly numRuns: number; readonly seed: number },
): void {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const below = (limit: number): number => draw(fc.nat, { max: limit - 1 });
      property({
        below,
        pick: (items) => items[below(items.length)] ?? fail(),
        bigint: (min, max) => draw(fc.bigInt, { min, max }),
      });
    }),
    { numRuns, seed, endOnFailure: true, includeErrorInReport: true },
  );
}

function fail(): never {
  throw new Error('nothing to pick from');
}

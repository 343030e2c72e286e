/**
 * A bound on walks through types: a damaged blob may refer to itself, or fan out so that a walk of any depth never
 * ends. No real type comes near either limit.
 */
import { BtfError } from './btf-error.ts';

const DEPTH_LIMIT = 64;
const TOTAL_LIMIT = 100_000;

export class VisitBudget {
  #depth = 0;
  #total = 0;

  /**
   * Runs one visit, in which more may be nested.
   * @throws BtfError when they nest too deep or were too many.
   */
  visit<T>(body: () => T): T {
    if (this.#depth === DEPTH_LIMIT || this.#total === TOTAL_LIMIT) {
      throw new BtfError('btf: a type refers to itself');
    }
    this.#depth++;
    this.#total++;
    const result = body();
    this.#depth--;
    return result;
  }
}

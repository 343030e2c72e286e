/**
 * A bound on walks through types: a damaged blob may refer to itself, or fan out so that a walk of any depth never
 * ends. No real type comes near the limit, which the call stack also bears as depth.
 */
import { BtfError } from './btf-error.ts';

const LIMIT = 500;

export class VisitBudget {
  #left = LIMIT;

  /** Counts one visit. @throws BtfError when there were too many. */
  spend(): void {
    if (this.#left-- === 0) throw new BtfError('btf: a type refers to itself');
  }
}

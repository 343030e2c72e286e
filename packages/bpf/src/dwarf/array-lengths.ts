/** Lengths of arrays. */
import * as dw from './constants.ts';
import type { Die } from './die.ts';

/** One for each dimension; 0 where the length is not known before the program runs. */
export function arrayLengths(array: Die): readonly number[] {
  const lengths: number[] = [];
  for (const range of array.children()) {
    if (range.tag !== dw.DW_TAG_subrange_type) continue;
    const upper = range.count(dw.DW_AT_upper_bound);
    const count = range.count(dw.DW_AT_count);
    const lower = range.count(dw.DW_AT_lower_bound) ?? 0;
    // The last index of an array without a length is -1, in the size of an unsigned number.
    const fromBound = upper === undefined || upper >= 2 ** 32 - 1 ? 0 : upper + 1 - lower;
    lengths.push(Math.max(0, count ?? fromBound));
  }
  return lengths;
}

/** Medians, and how far from one a value is, without outliers having a say in how far is far. */

export interface Spread {
  readonly median: number;
  /** The standard deviation as the median absolute deviation has it. */
  readonly deviation: number;
}

/** Of a normal distribution, the standard deviation in median absolute deviations, and in mean ones. */
const FROM_MEDIAN_DEVIATION = 1.4826;
const FROM_MEAN_DEVIATION = 1.2533;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Where more than half of the values are the same, the mean deviation stands in. */
export function spreadOf(values: readonly number[]): Spread {
  const center = median(values);
  const distances = values.map((value) => Math.abs(value - center));
  const typical = median(distances);
  if (typical > 0) return { median: center, deviation: FROM_MEDIAN_DEVIATION * typical };
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / Math.max(1, values.length);
  return { median: center, deviation: FROM_MEAN_DEVIATION * mean };
}

/** In robust standard deviations, negative below the median; 0 where all values are the same. */
export function robustScore(value: number, { median, deviation }: Spread): number {
  return deviation === 0 ? 0 : (value - median) / deviation;
}

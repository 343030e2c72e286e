/** Time series: one point for each interval of the clock, and how points of one interval become one. */

export type SeriesAggregate = 'last' | 'avg' | 'sum' | 'min' | 'max';

/**
 * What happened in the interval that begins `epoch` intervals after 1970. `meta` is how many values `avg` added up, and
 * for `last` when the value was given, in nanoseconds since 1970; else it is 1.
 */
export interface SeriesPoint {
  readonly epoch: bigint;
  readonly value: bigint;
  readonly meta: bigint;
}

/** Both are ascending by epoch; so is the result. */
export function mergeSeries(
  aggregate: SeriesAggregate,
  a: readonly SeriesPoint[],
  b: readonly SeriesPoint[],
): readonly SeriesPoint[] {
  const merged = new Map(a.map((point) => [point.epoch, point]));
  for (const point of b) {
    const other = merged.get(point.epoch);
    merged.set(point.epoch, other === undefined ? point : mergePoints(aggregate, other, point));
  }
  return sortedSeries([...merged.values()]);
}

export function sortedSeries(points: readonly SeriesPoint[]): readonly SeriesPoint[] {
  return [...points].sort((a, b) => (a.epoch < b.epoch ? -1 : a.epoch > b.epoch ? 1 : 0));
}

/** Of one epoch. Sums grow beyond 64 bits here and are wrapped where they are printed. */
export function mergePoints(
  aggregate: SeriesAggregate,
  a: SeriesPoint,
  b: SeriesPoint,
): SeriesPoint {
  switch (aggregate) {
    case 'last':
      if (a.meta !== b.meta) return a.meta > b.meta ? a : b;
      return a.value >= b.value ? a : b;
    case 'avg':
      return { epoch: a.epoch, value: a.value + b.value, meta: a.meta + b.meta };
    case 'sum':
      return { epoch: a.epoch, value: a.value + b.value, meta: 1n };
    case 'min':
      return a.value <= b.value ? a : b;
    case 'max':
      return a.value >= b.value ? a : b;
  }
}

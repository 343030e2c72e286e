/** The slots of a time series in a kernel map, of all CPUs, as points. */
import type { MapValueType } from '../schema/map-schema.ts';
import { SERIES_SLOT_BYTES } from '../schema/map-schema.ts';
import { viewOf } from './read-integer.ts';
import { mergePoints, sortedSeries, type SeriesPoint } from './time-series.ts';

type SeriesType = Extract<MapValueType, { kind: 'tseries' }>;

/** A slot serves one interval after the other: of several CPUs' the latest counts. */
export function reduceSeries(
  type: SeriesType,
  perCpu: readonly Uint8Array[],
): readonly SeriesPoint[] {
  const views = perCpu.map(viewOf);
  const points: SeriesPoint[] = [];
  for (let slot = 0; slot < type.intervals; slot++) {
    let latest: SeriesPoint | undefined;
    for (const view of views) {
      const point = readSlot(type, view, slot * SERIES_SLOT_BYTES);
      if (point === undefined || (latest !== undefined && point.epoch < latest.epoch)) continue;
      latest = latest?.epoch === point.epoch ? mergePoints(type.aggregate, latest, point) : point;
    }
    if (latest !== undefined) points.push(latest);
  }
  return sortedSeries(points);
}

/** The first interval after 1970 is no time that anything happens in: bpftrace takes its slot for an empty one. */
function readSlot({ signed }: SeriesType, view: DataView, at: number): SeriesPoint | undefined {
  const used = view.getBigUint64(at, true);
  if (used === 0n) return undefined;
  if (used === 1n) return { epoch: 0n, value: 0n, meta: 1n };
  const value = signed ? view.getBigInt64(at + 8, true) : view.getBigUint64(at + 8, true);
  return { epoch: used - 1n, value, meta: view.getBigUint64(at + 16, true) };
}

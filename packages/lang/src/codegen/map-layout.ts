/** The kernel map behind a map of the program; the layouts are those of `MapSchema`. */
import type { MapSpec, MapType } from '@bpfleet/bpf/asm';
import { histBuckets, lhistBuckets, SERIES_SLOT_BYTES, type MapSchema } from '@bpfleet/protocol';
import type { MapPlan } from '../analysis/checked-program.ts';
import { sizeOfType } from '../types/layout.ts';
import { toValueType } from '../types/to-value-type.ts';
import type { Type } from '../types/type.ts';
import { isAggregation } from './type-traits.ts';

const BPF_F_NO_PREALLOC = 1;
/** Above this, memory for all keys ahead is too much to ask. */
const MAX_PREALLOCATED_VALUE_BYTES = 4096;

export interface MapLayout {
  readonly plan: MapPlan;
  readonly spec: MapSpec;
  readonly schema: MapSchema;
  /** Offset of the flag that says the one element was assigned, where there is one. */
  readonly setOffset: number | undefined;
}

/** `inPerfEvent`: before Linux 6.1 perf events may only use preallocated hash maps. */
export function layOutMap(plan: MapPlan, kernelMap: string, inPerfEvent: boolean): MapLayout {
  const { name, key, value } = plan;
  const aggregated = isAggregation(value);
  const perCpu = aggregated;
  const bytes = valueBytes(value);
  const setOffset = key === undefined && (!aggregated || value.kind === 'sum') ? bytes : undefined;
  const large = bytes > MAX_PREALLOCATED_VALUE_BYTES && !inPerfEvent;
  const spec: MapSpec = {
    name: kernelMap,
    type: mapType(plan, perCpu),
    keySize: key === undefined ? 4 : sizeOfType(key),
    valueSize: setOffset === undefined ? bytes : setOffset + 8,
    maxEntries: key === undefined ? 1 : plan.maxEntries,
    flags: key !== undefined && large && !isLru(plan) ? BPF_F_NO_PREALLOC : 0,
  };
  const schema: MapSchema = {
    name,
    kernelMap,
    perCpu,
    key: key === undefined ? undefined : toValueType(key),
    value: isAggregation(value) ? value : { kind: 'plain', type: toValueType(value) },
    hostLocal: plan.hostLocal,
  };
  return { plan, spec, schema, setOffset };
}

/** Bytes of one value of one CPU, without the `set` flag; a multiple of 8. */
function valueBytes(value: Type): number {
  switch (value.kind) {
    case 'hist':
      return 8 * histBuckets(value.bits);
    case 'lhist':
      return 8 * lhistBuckets(value.min, value.max, value.step);
    case 'tseries':
      return SERIES_SLOT_BYTES * value.intervals;
    default:
      return Math.ceil(sizeOfType(value) / 8) * 8;
  }
}

function isLru({ declaredType }: MapPlan): boolean {
  return declaredType === 'lruhash' || declaredType === 'percpulruhash';
}

function mapType(plan: MapPlan, perCpu: boolean): MapType {
  if (plan.key === undefined) return perCpu ? 'percpu_array' : 'array';
  if (isLru(plan)) return perCpu ? 'lru_percpu_hash' : 'lru_hash';
  return perCpu ? 'percpu_hash' : 'hash';
}

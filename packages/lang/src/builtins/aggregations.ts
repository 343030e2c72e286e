/** The aggregations: calls that, assigned to a map, gather instead of replace. */
import { MAX_SERIES_INTERVALS } from '@bpfleet/protocol';
import type { Expression } from '../syntax/ast.ts';
import type { Aggregation, Type } from '../types/type.ts';

/** What an aggregation is made from: its arguments, folded, and the sign of the first. */
export interface AggregationCall {
  readonly signed: boolean;
  readonly arguments: readonly Expression[];
  /** The n-th argument, where it is an integer literal. */
  readonly literal: (index: number) => bigint | undefined;
  /** The same, where it is text. */
  readonly text: (index: number) => string | undefined;
}

export interface AggregationKind {
  readonly name: string;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  /** Arguments that must be integer literals, by index. */
  readonly literals: readonly number[];
  /** Arguments that must be string literals, by index. */
  readonly texts?: readonly number[];
  /** What is wrong with the literals, if anything. */
  readonly check?: (call: AggregationCall) => string | undefined;
  readonly type: (call: AggregationCall) => Aggregation;
  /** Can be read back in the kernel as an integer. */
  readonly readable: boolean;
}

const MAX_HIST_BITS = 5n;
const MAX_LHIST_BUCKETS = 1000n;
const MAX_UPSTREAM_INTERVALS = 1_000_000n;
const SERIES_AGGREGATES = ['avg', 'max', 'min', 'sum'] as const;

const AGGREGATIONS: readonly AggregationKind[] = [
  { name: 'count', arity: [0, 0], literals: [], readable: true, type: () => ({ kind: 'count' }) },
  signed('sum', true),
  signed('min', true),
  signed('max', true),
  signed('avg', true),
  signed('stats', false),
  {
    name: 'hist',
    arity: [1, 2],
    literals: [1],
    readable: false,
    check: (call) => {
      const bits = call.literal(1) ?? 0n;
      if (bits >= 0n && bits <= MAX_HIST_BITS) return undefined;
      return `hist: bits ${bits} must be 0..${MAX_HIST_BITS}`;
    },
    type: (call) => ({ kind: 'hist', bits: Number(call.literal(1) ?? 0n) }),
  },
  {
    name: 'lhist',
    arity: [4, 4],
    literals: [1, 2, 3],
    readable: false,
    check: checkLhist,
    type: (call) => ({
      kind: 'lhist',
      min: call.literal(1) ?? 0n,
      max: call.literal(2) ?? 0n,
      step: call.literal(3) ?? 1n,
    }),
  },
  {
    name: 'tseries',
    arity: [3, 4],
    literals: [1, 2],
    texts: [3],
    readable: false,
    check: checkSeries,
    type: (call) => ({
      kind: 'tseries',
      signed: call.signed,
      intervalNs: call.literal(1) ?? 1n,
      intervals: Number(call.literal(2) ?? 1n),
      aggregate: SERIES_AGGREGATES.find((name) => name === call.text(3)) ?? 'last',
    }),
  },
];

function checkSeries(call: AggregationCall): string | undefined {
  const interval = call.literal(1) ?? 0n;
  const intervals = call.literal(2) ?? 0n;
  const aggregate = call.text(3);
  if (interval <= 0n) return `tseries() interval_ns must be >= 1 (${interval} provided)`;
  if (intervals <= 0n) return `tseries() num_intervals must be >= 1 (${intervals} provided)`;
  if (intervals > MAX_UPSTREAM_INTERVALS) {
    return `tseries() num_intervals must be < ${MAX_UPSTREAM_INTERVALS} (${intervals} provided)`;
  }
  if (intervals > BigInt(MAX_SERIES_INTERVALS)) {
    return `tseries() keeps at most ${MAX_SERIES_INTERVALS} intervals (${intervals} provided): the kernel has no room for more`;
  }
  if (aggregate === undefined || SERIES_AGGREGATES.some((name) => name === aggregate)) {
    return undefined;
  }
  const names = SERIES_AGGREGATES.join(', ');
  return `tseries() expects one of the following aggregation functions: ${names} ("${aggregate}" provided)`;
}

function signed(name: 'sum' | 'min' | 'max' | 'avg' | 'stats', readable: boolean): AggregationKind {
  return {
    name,
    arity: [1, 1],
    literals: [],
    readable,
    type: (call) => ({ kind: name, signed: call.signed }),
  };
}

function checkLhist(call: AggregationCall): string | undefined {
  const min = call.literal(1) ?? 0n;
  const max = call.literal(2) ?? 0n;
  const step = call.literal(3) ?? 0n;
  if (min < 0n) return 'lhist: invalid min value (must be non-negative literal)';
  if (max < 0n) return 'lhist: invalid max value (must be non-negative literal)';
  if (step <= 0n) return `lhist() step must be >= 1 (${step} provided)`;
  if (min >= max) {
    return `lhist() min must be less than max (provided min ${min} and max ${max})`;
  }
  const buckets = (max - min) / step;
  if (buckets > MAX_LHIST_BUCKETS) {
    return `lhist() too many buckets, must be <= ${MAX_LHIST_BUCKETS} (would need ${buckets})`;
  }
  if (max - min < step) {
    return `lhist() step is too large for the given range (provided step ${step} for range ${max - min})`;
  }
  return undefined;
}

const byName = new Map(AGGREGATIONS.map((aggregation) => [aggregation.name, aggregation]));

export function findAggregation(name: string): AggregationKind | undefined {
  return byName.get(name);
}

export function aggregationNames(): readonly string[] {
  return [...byName.keys()];
}

export function isAggregation(type: Type): type is Aggregation {
  return byName.has(type.kind);
}

/** The integer that reading an aggregation in the kernel gives, or undefined where it has none. */
export function aggregationValue(
  type: Aggregation,
): Extract<Type, { kind: 'integer' }> | undefined {
  if (byName.get(type.kind)?.readable !== true) return undefined;
  return { kind: 'integer', size: 8, signed: 'signed' in type ? type.signed : false };
}

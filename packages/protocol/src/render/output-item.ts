/**
 * What a session prints, after decoding and merging: the one input of the text and JSON renderers, of the live
 * stream and of history. `host` is set on a fleet and absent for `bpfleet local`.
 */
import type { Pair } from '../correlate/join-matcher.ts';
import type { Span } from '../correlate/span.ts';
import type { MapSchema } from '../schema/map-schema.ts';
import type { SourcePosition } from '../schema/event-schema.ts';
import type { ValueType } from '../schema/value-type.ts';
import type { MapEntry, Value } from '../value/value.ts';

interface FromHost {
  readonly host?: string;
  /** Unix time in nanoseconds; fleet time on a fleet. */
  readonly unixNs: bigint;
}

/** A map to print; entries are unsorted. */
export interface MapItem {
  readonly kind: 'map';
  readonly map: MapSchema;
  readonly entries: readonly MapEntry[];
  readonly top?: number;
  readonly divisor?: number;
  /** For a map printed by the program: on which hosts' reports it rests, `[reported, selected]`. */
  readonly reporting?: readonly [number, number];
  /** Of such a map on a fleet: fleet time of its first report, Unix nanoseconds. */
  readonly unixNs?: bigint;
}

/** How one `test` probe went. */
export interface TestResult {
  readonly kind: 'test-result';
  /** Of all tests of the program, in order. */
  readonly tests: readonly string[];
  /** Of the tests up to this one, which is the last here. */
  readonly passed: readonly boolean[];
  readonly durationNs: bigint;
  /** What it printed. */
  readonly output: string;
}

/** How fast one `bench` probe is. */
export interface BenchmarkResult {
  readonly kind: 'benchmark-result';
  readonly name: string;
  /** Of all benchmarks of the program: how wide the column of names is. */
  readonly benchmarks: readonly string[];
  /** The first row comes with the head of the table. */
  readonly first: boolean;
  readonly averageNs: bigint;
  readonly iterations: number;
}

export type OutputItem =
  | MapItem
  | (FromHost & {
      readonly kind: 'printf' | 'time' | 'join' | 'system' | 'cat';
      readonly text: string;
      /** The typed arguments of a printf, for the store. */
      readonly event?: number;
      readonly arguments?: readonly Value[];
      readonly pid?: number;
      readonly tid?: number;
    })
  | (FromHost & { readonly kind: 'value'; readonly type: ValueType; readonly value: Value })
  | (FromHost & {
      readonly kind: 'errorf' | 'warnf' | 'runtime-error';
      readonly message: string;
      readonly at: SourcePosition;
    })
  | (FromHost & {
      readonly kind: 'helper-error';
      readonly helper: string;
      readonly code: number;
      readonly at: SourcePosition;
    })
  /** At the time of its exit. */
  | (FromHost & { readonly kind: 'span'; readonly span: Span })
  /** At the time of the later of the two. */
  | { readonly kind: 'pair'; readonly unixNs: bigint; readonly pair: Pair }
  | (FromHost & { readonly kind: 'lost-events'; readonly count: number })
  | TestResult
  | BenchmarkResult
  | { readonly kind: 'attached-probes'; readonly count: number; readonly host?: string };

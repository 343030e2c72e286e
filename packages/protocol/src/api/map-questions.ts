/** What is asked about the maps of a session in the history, and what is answered: data, for a terminal to draw. */
import type { HistogramType } from '../render/histogram.ts';
import type { SessionInfo } from './http.ts';

/** Fleet time, Unix nanoseconds; `toNs` is not within. Times are those of the intervals that the store keeps. */
export interface TimeRange {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Absent: the whole session. */
export type PartOfTime = Partial<TimeRange>;

/** What a map's entries are compared by. */
export type Measure = 'count' | 'total' | 'hits' | 'average' | 'min' | 'max' | 'value';

export interface TopQuestion extends PartOfTime {
  /** With its `@`; all that can be ranked when absent. */
  readonly map?: string;
  /** At most so many entries; 10 when absent. */
  readonly limit?: number;
  /** Hosts instead of keys. */
  readonly by?: 'key' | 'host';
}

export interface TopEntry {
  /** Where keys mean something on one host only, and of hosts. */
  readonly host?: string;
  /** As it prints; absent for maps without, and of hosts. */
  readonly key?: string;
  readonly value: bigint;
  /** On so many hosts. */
  readonly hosts: number;
}

export interface TopOfMap {
  readonly map: string;
  readonly measure: Measure;
  /** Largest first. */
  readonly entries: readonly TopEntry[];
  /** How many there are in all. */
  readonly of: number;
  /** Of all of them; absent for what cannot be added up. */
  readonly sum?: bigint;
}

export interface TopAnswer {
  readonly session: SessionInfo;
  readonly range?: TimeRange;
  readonly maps: readonly TopOfMap[];
}

/** Hits by number of the bucket, ascending; each once. */
export type Buckets = readonly (readonly [number, bigint])[];

export interface DiffQuestion {
  /** Another session; absent: before and after `atNs`. */
  readonly other?: string;
  readonly atNs?: bigint;
  /** So much time before and after; all of it when absent. Nanoseconds. */
  readonly spanNs?: bigint;
  readonly map?: string;
}

/** One bucket of a histogram, before and after. */
export interface MovedBucket {
  readonly bucket: number;
  readonly before: bigint;
  readonly after: bigint;
}

export interface Move {
  readonly host?: string;
  readonly key?: string;
  /** What it is compared by; absent where there was none. Of histograms the hits. */
  readonly before?: bigint;
  readonly after?: bigint;
  /** How much moved: the difference, and of histograms the sum of the differences of all buckets. */
  readonly size: bigint;
  /** Of histograms: the Jensen–Shannon distance of the two, 0 (alike) to 1 (nothing in common). */
  readonly distance?: number;
  /** Of histograms: by how many buckets the hits lie further right, on average. */
  readonly shift?: number;
  readonly buckets?: readonly MovedBucket[];
}

export interface MapDiff {
  readonly map: string;
  readonly measure: Measure;
  /** Of histograms: what the numbers of buckets mean. */
  readonly type?: HistogramType;
  /** Largest first; what did not move is left out. */
  readonly moves: readonly Move[];
  readonly unmoved: number;
}

export interface DiffSide {
  readonly session: SessionInfo;
  readonly range?: TimeRange;
  /** How long it counted, milliseconds. */
  readonly durationMs?: number;
}

export interface DiffAnswer {
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly maps: readonly MapDiff[];
  /** Maps that only one of two sessions has, or that count in another way: why each is not compared. */
  readonly notCompared: Readonly<Record<string, string>>;
}

export interface OutliersQuestion extends PartOfTime {
  readonly map: string;
  /** As it prints; all keys together when absent. */
  readonly key?: string;
  /** Robust standard deviations from the median from which on a host is one; 3.5 when absent. */
  readonly threshold?: number;
}

export interface HostDeviation {
  readonly host: string;
  /** What it is compared by; of histograms the hits. */
  readonly value: bigint;
  /** Of histograms: the Jensen–Shannon distance from all other hosts together, 0 to 1. */
  readonly distance?: number;
  /** Of histograms: by how many buckets its hits lie further right, on average. */
  readonly shift?: number;
  /** Robust standard deviations from the median of all hosts, of the distance or the value. */
  readonly score: number;
  readonly outlier: boolean;
  /** In words, with the numbers that it rests on. */
  readonly reason: string;
}

export interface OutliersAnswer {
  readonly session: SessionInfo;
  readonly map: string;
  readonly key?: string;
  readonly range?: TimeRange;
  readonly measure: Measure;
  readonly threshold: number;
  /** Of the distances or values of all hosts. */
  readonly median: number;
  readonly deviation: number;
  /** Those that differ most first. */
  readonly hosts: readonly HostDeviation[];
}

export interface HeatmapQuestion extends PartOfTime {
  readonly map: string;
  readonly key?: string;
  readonly host?: string;
  /** At most so many intervals; 100 when absent. */
  readonly columns?: number;
}

export interface HeatmapAnswer {
  readonly session: SessionInfo;
  readonly map: string;
  readonly key?: string;
  readonly type: HistogramType;
  readonly range: TimeRange;
  readonly stepNs: bigint;
  /** One for each interval of the range: what was counted in it. */
  readonly columns: readonly Buckets[];
}

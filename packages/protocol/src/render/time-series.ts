/** Time series as rows, and rows as bpftrace's graph. */
import type { MapValueType } from '../schema/map-schema.ts';
import type { SeriesPoint } from '../value/time-series.ts';
import { strftime } from './strftime.ts';

/** One interval; without a value where nothing happened in it. */
export interface SeriesRow {
  /** When it begins, nanoseconds since 1970. */
  readonly unixNs: bigint;
  readonly value: bigint | undefined;
}

type SeriesType = Extract<MapValueType, { kind: 'tseries' }>;

const GRAPH_WIDTH = 53;
const LEFT_LABEL_WIDTH = 21;
const SECOND = 1_000_000_000n;

/** How fine the times are written: digits behind the second, by the length of the interval. */
const UNITS: readonly (readonly [name: string, digits: number, shortestNs: bigint])[] = [
  ['', 0, SECOND],
  ['ms', 3, 1_000_000n],
  ['μs', 6, 1_000n],
  ['ns', 9, 0n],
];

/** The intervals from the first that has a value, of those that the map keeps up to `latest`. */
export function seriesRows(
  type: SeriesType,
  points: readonly SeriesPoint[],
  latest: bigint,
): readonly SeriesRow[] {
  const oldest = latest - BigInt(type.intervals) + 1n;
  const shown = points.filter(({ epoch }) => epoch >= oldest && epoch <= latest);
  const [first] = shown;
  if (first === undefined) return [];
  const values = new Map(shown.map((point) => [point.epoch, valueOf(type, point)]));
  const rows: SeriesRow[] = [];
  for (let epoch = first.epoch; epoch <= latest; epoch++) {
    rows.push({ unixNs: epoch * type.intervalNs, value: values.get(epoch) });
  }
  return rows;
}

function valueOf({ aggregate, signed }: SeriesType, { value, meta }: SeriesPoint): bigint {
  const wrapped = signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return aggregate === 'avg' && meta !== 0n ? wrapped / meta : wrapped;
}

/** Ends with a line break, unless there is nothing to show. */
export function seriesText(type: SeriesType, rows: readonly SeriesRow[]): string {
  const values = rows.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || values.length === 0) return '<no data>';
  const range = rangeOf(type, values);
  const interval = (last.unixNs - first.unixNs) / BigInt(Math.max(1, rows.length - 1));
  const [unit, digits] = UNITS.find(([, , shortest]) => interval >= shortest) ?? ['ns', 9];
  const title = unit === '' ? 'hh:mm:ss' : `hh:mm:ss.${unit}`;
  const timeWidth = 'hh:mm:ss'.length + (digits === 0 ? 0 : digits + 1);
  const margin = ' '.repeat(timeWidth + 1);
  const bounds =
    margin +
    `${range.min}`.padEnd(LEFT_LABEL_WIDTH) +
    `${range.max}`.padStart(GRAPH_WIDTH - LEFT_LABEL_WIDTH);
  const line = '_'.repeat(GRAPH_WIDTH - 2);
  const lines = [
    bounds,
    // bpftrace counts bytes, and `μ` has two.
    `${title.padEnd(unit === 'μs' ? timeWidth : timeWidth + 1)}|${line}|`,
    ...rows.map((row) => `${timeText(row.unixNs, digits)} ${rowText(row, range)}`),
    `${margin}v${line}v`,
    bounds,
  ];
  return `${lines.join('\n')}\n`;
}

/** For tools: the whole date in UTC, to the nanosecond. */
export function intervalStart(unixNs: bigint): string {
  const date = new Date(Number(unixNs / 1_000_000n));
  if (Number.isNaN(date.getTime())) return '(?)';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction(unixNs, 9)}`;
}

interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

/** Values that are all the same get some room at both sides, as far as the type has it. */
function rangeOf({ signed }: SeriesType, values: readonly bigint[]): Range {
  const min = values.reduce((a, b) => (b < a ? b : a));
  const max = values.reduce((a, b) => (b > a ? b : a));
  if (min !== max) return { min, max };
  const lowest = signed ? -(1n << 63n) : 0n;
  const highest = signed ? (1n << 63n) - 1n : (1n << 64n) - 1n;
  return { min: min > lowest ? min - 1n : min, max: max < highest ? max + 1n : max };
}

function rowText({ value }: SeriesRow, range: Range): string {
  const columns = Array.from({ length: GRAPH_WIDTH }, () => ' ');
  columns[0] = '|';
  columns[GRAPH_WIDTH - 1] = '|';
  const zero = range.min < 0n && range.max > 0n ? position(GRAPH_WIDTH, 0n, range) : 0;
  if (zero > 0) columns[zero] = '.';
  if (value === undefined) return `${columns.join('')} -`;
  const column = position(GRAPH_WIDTH - 1, value, range);
  columns[Math.max(0, Math.min(GRAPH_WIDTH - 1, column))] = '*';
  return `${columns.join('')} ${value}`;
}

/** In single precision and cut off, as bpftrace computes it: one column more or less shows. */
function position(width: number, value: bigint, { min, max }: Range): number {
  const product = Math.fround(Math.fround(width) * Math.fround(Number(value - min)));
  return Math.trunc(Math.fround(product / Math.fround(Number(max - min))));
}

function timeText(unixNs: bigint, digits: number): string {
  const text = strftime('%H:%M:%S', unixNs, 'plain');
  return digits === 0 ? text : `${text}.${fraction(unixNs, digits)}`;
}

function fraction(unixNs: bigint, digits: number): string {
  return (unixNs % SECOND).toString().padStart(9, '0').slice(0, digits);
}

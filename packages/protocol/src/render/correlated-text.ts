/** Spans and pairs as lines, and what became of them all. */
import { fieldText, type CorrelatedEvent, type Fields } from '../correlate/correlated-event.ts';
import type { JoinSummary, Pair } from '../correlate/join-matcher.ts';
import type { Span, SpanSummary } from '../correlate/span.ts';
import type { TextFilter } from './value-text.ts';

const UNITS: readonly (readonly [ns: number, unit: string])[] = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

/** `1.204 ms`, `-35 ns`. */
export function nanosecondsText(ns: bigint | number): string {
  const value = Number(ns);
  const [scale, unit] = UNITS.find(([least]) => Math.abs(value) >= least) ?? [1, 'ns'];
  return `${(value / scale).toFixed(scale === 1 ? 0 : 3)} ${unit}`;
}

/** `span read 1.204 ms  pid 7 tid 8  fd=3 → ret=4096`. */
export function spanText(
  { name, enter, exit, durationNs, depth, uncertain }: Span,
  filter: TextFilter,
): string {
  const fields = [fieldsText(enter.fields, filter), fieldsText(exit.fields, filter)];
  const ends = fields.every((text) => text === '') ? '' : `  ${fields.join(' → ').trim()}`;
  const nested = depth === 0 ? '' : `  depth ${depth}`;
  const doubt = uncertain ? '  (uncertain: events were lost meanwhile)' : '';
  return `span ${name} ${nanosecondsText(durationNs)}  pid ${enter.pid} tid ${enter.tid}${nested}${ends}${doubt}\n`;
}

/** `join client.key = server.key: web-1 pid 7 → db-1 pid 9  +1.204 ms ±0.300 ms  key=4711`. */
export function pairText(
  { join, left, right, differenceNs, errorNs, withinError }: Pair,
  filter: TextFilter,
): string {
  const sign = differenceNs < 0n ? '' : '+';
  const error = errorNs === 0 ? '' : ` ±${nanosecondsText(errorNs)}`;
  const doubt = withinError ? ' (within the error of the clocks)' : '';
  const sides = [left, right].map((event) => sideText(event, filter)).join(' → ');
  return `join ${filter(join)}: ${sides}  ${sign}${nanosecondsText(differenceNs)}${error}${doubt}\n`;
}

function sideText({ host, pid, fields }: CorrelatedEvent, filter: TextFilter): string {
  const shown = fieldsText(fields, filter);
  return `${filter(host)} pid ${pid}${shown === '' ? '' : ` (${shown})`}`;
}

export function fieldsText(fields: Fields, filter: TextFilter): string {
  const one = ([name, value]: readonly [string, Fields[string]]): string =>
    `${name}=${filter(fieldText(value)).replaceAll('\n', '\\n')}`;
  return Object.entries(fields).map(one).join(' ');
}

/** `spans read: 1,204, unmatched 3 enters, 1 exit`. */
export function spanSummaryText(summary: SpanSummary): string {
  const { name, spans, uncertain, unmatchedEnters, unmatchedExits, evicted, fault } = summary;
  if (fault !== undefined) return `spans ${name}: none: ${fault}`;
  return [
    `spans ${name}: ${grouped(spans)}`,
    ...(unmatchedEnters + unmatchedExits === 0
      ? []
      : [`unmatched ${amount(unmatchedEnters, 'enter')}, ${amount(unmatchedExits, 'exit')}`]),
    ...(evicted === 0 ? [] : [`${grouped(evicted)} given up because too many were open`]),
    ...(uncertain === 0 ? [] : [`${grouped(uncertain)} uncertain because events were lost`]),
  ].join(', ');
}

export function joinSummaryText(summary: JoinSummary): string {
  const { join, pairs, withinError, unmatchedLeft, unmatchedRight, evicted, crowded, fault } =
    summary;
  if (fault !== undefined) return `join ${join}: none: ${fault}`;
  return [
    `join ${join}: ${amount(pairs, 'pair')}`,
    ...(withinError === 0 ? [] : [`${grouped(withinError)} within the error of the clocks`]),
    ...(unmatchedLeft + unmatchedRight === 0
      ? []
      : [`unmatched ${grouped(unmatchedLeft)} left, ${grouped(unmatchedRight)} right`]),
    ...(evicted === 0 ? [] : [`${grouped(evicted)} given up because too many waited`]),
    ...(crowded === 0 ? [] : [`${amount(crowded, 'event')} with more partners than are told`]),
  ].join(', ');
}

function amount(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Spans and pairs as JSON, times and durations in nanoseconds. */
import type { CorrelatedEvent, Fields } from '../correlate/correlated-event.ts';
import { referenceText } from '../correlate/correlated-event.ts';
import type { Pair } from '../correlate/join-matcher.ts';
import type { Span } from '../correlate/span.ts';
import { jsonInteger, jsonString } from './json-value.ts';

export function spanJson({ name, enter, exit, durationNs, depth, uncertain }: Span): string {
  const members = [
    `"name": ${jsonString(name)}`,
    `"pid": ${enter.pid}`,
    `"tid": ${enter.tid}`,
    `"duration_ns": ${jsonInteger(durationNs)}`,
    `"depth": ${depth}`,
    `"uncertain": ${uncertain}`,
    `"enter": ${endJson(enter)}`,
    `"exit": ${endJson(exit)}`,
  ];
  return `{${members.join(', ')}}`;
}

export function pairJson({ join, left, right, differenceNs, errorNs, withinError }: Pair): string {
  const members = [
    `"join": ${jsonString(join)}`,
    `"left": ${sideJson(left)}`,
    `"right": ${sideJson(right)}`,
    `"difference_ns": ${jsonInteger(differenceNs)}`,
    `"error_ns": ${Math.ceil(errorNs)}`,
    `"within_error": ${withinError}`,
  ];
  return `{${members.join(', ')}}`;
}

function endJson(event: CorrelatedEvent): string {
  return `{"at_ns": ${jsonInteger(event.unixNs)}, "event": ${jsonString(referenceText(event))}, "fields": ${fieldsJson(event.fields)}}`;
}

function sideJson(event: CorrelatedEvent): string {
  const members = [
    `"session": ${jsonString(event.session)}`,
    `"host": ${jsonString(event.host)}`,
    `"pid": ${event.pid}`,
    `"tid": ${event.tid}`,
  ];
  return `{${members.join(', ')}, ${endJson(event).slice(1)}`;
}

export function fieldsJson(fields: Fields): string {
  const members = Object.entries(fields).map(([name, value]) => {
    const text =
      typeof value === 'bigint'
        ? jsonInteger(value)
        : typeof value === 'boolean'
          ? String(value)
          : jsonString(value);
    return `${jsonString(name)}: ${text}`;
  });
  return `{${members.join(', ')}}`;
}

/** Maps as text. */
import type { MapSchema } from '../schema/map-schema.ts';
import { histogramText } from './histogram.ts';
import type { LaidOutEntry, LaidOutValue } from './map-layout.ts';
import { layOutMap } from './map-layout.ts';
import type { MapItem } from './output-item.ts';
import { seriesText } from './time-series.ts';
import type { TextFilter } from './value-text.ts';
import { unfiltered, valueText } from './value-text.ts';

/** `@x: v` and `@x[k]: v` lines; histograms and time series follow their name on lines of their own and end with an empty one. */
export function mapText(item: MapItem, filter: TextFilter = unfiltered): string {
  return layOutMap(item)
    .map((entry) => entryText(item.map, entry, filter))
    .join('');
}

function entryText(map: MapSchema, entry: LaidOutEntry, filter: TextFilter): string {
  const key = keyText(map, entry, filter);
  const name = key === undefined ? map.name : `${map.name}[${key}]`;
  if (entry.value.kind === 'histogram') return `${name}:\n${histogramText(entry.value.rows)}\n`;
  if (entry.value.kind === 'series') {
    return `${name}:\n${seriesText(entry.value.type, entry.value.rows)}\n`;
  }
  return `${name}: ${inlineText(entry.value, filter)}\n`;
}

/** The host is the first part of the key; undefined for a scalar map without one. */
export function keyText(
  map: MapSchema,
  entry: Pick<LaidOutEntry, 'host' | 'key'>,
  filter: TextFilter = unfiltered,
): string | undefined {
  const { host } = entry;
  if (map.key === undefined || entry.key === undefined) {
    return host === undefined ? undefined : filter(host);
  }
  const key = withoutParentheses(valueText(map.key, entry.key, filter));
  return host === undefined ? key : `${filter(host)}, ${key}`;
}

/** bpftrace does this to the text of any key, so also to a string that happens to be in parentheses. */
function withoutParentheses(text: string): string {
  return text.length >= 2 && text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

function inlineText(
  value: Exclude<LaidOutValue, { kind: 'histogram' | 'series' }>,
  filter: TextFilter,
): string {
  if (value.kind === 'value') return valueText(value.type, value.value, filter);
  return `{ .count = ${value.count}, .average = ${value.average}, .total = ${value.total} }`;
}

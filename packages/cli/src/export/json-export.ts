/** A session as JSON, one object a line: what it was, its events, its spans, and the values of its maps. */
import type { ExportHead, HistoryEvent, HistoryPoint, HistorySpan } from '@bpfleet/protocol';
import { jsonLine } from '../output/json-line.ts';
import { timeText } from './csv-export.ts';

export function headLine({ session, fields, maps }: ExportHead): string {
  const described = maps.map(({ name, value }) => ({ name, value }));
  return jsonLine({ type: 'session', session, fields, maps: described });
}

export function eventLine({ atNs, ...event }: HistoryEvent): string {
  return jsonLine({ type: 'event', at: timeText(atNs), ...event });
}

export function spanLine({ enterNs, ...span }: HistorySpan): string {
  return jsonLine({ type: 'span', at: timeText(enterNs), ...span });
}

/** What its kind does not have is left out. */
export function pointLine(point: HistoryPoint): string {
  const { atNs, host, map, key, window, kind } = point;
  return jsonLine({
    type: 'point',
    ...(atNs > 0n && { at: timeText(atNs) }),
    ...{ host, map, key, window, kind },
    ...valueOf(point),
  });
}

function valueOf({ kind, count, total, extreme, text, buckets }: HistoryPoint): object {
  switch (kind) {
    case 'count':
      return { count };
    case 'sum':
      return { total };
    case 'avg':
    case 'stats':
      return { count, total };
    case 'min':
    case 'max':
      return { value: extreme };
    case 'hist':
    case 'lhist':
      return { buckets };
    default:
      return { value: text };
  }
}

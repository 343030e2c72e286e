/** Events, and values of maps, as rows of CSV. */
import {
  bucketLabel,
  showBytes,
  type ExportHead,
  type HistoryEvent,
  type HistoryPoint,
} from '@bpfleet/protocol';
import { csvLine } from './csv.ts';

const EVENT_COLUMNS = ['at', 'host', 'pid', 'tid', 'kind', 'probes', 'text'] as const;
const POINT_COLUMNS = [
  ...['at', 'host', 'map', 'key', 'window', 'kind'],
  ...['count', 'total', 'extreme', 'value', 'bucket', 'hits'],
] as const;

/** A column for each argument, by its name. */
export function eventHeader({ fields }: ExportHead): string {
  return csvLine([...EVENT_COLUMNS, ...fields]);
}

export function eventRow(event: HistoryEvent, { fields }: ExportHead): string {
  return csvLine([
    timeText(event.atNs),
    event.host,
    String(event.pid),
    String(event.tid),
    event.kind,
    event.probes.join(' '),
    showBytes(event.text).replace(/\n$/, ''),
    ...fields.map((name) => showBytes(String(event.fields[name] ?? ''))),
  ]);
}

export function pointHeader(): string {
  return csvLine(POINT_COLUMNS);
}

/** A row; of a histogram one for each of its buckets. */
export function pointRows(point: HistoryPoint, { maps }: ExportHead): string {
  const { host, map, key, window, kind } = point;
  const at = point.atNs === 0n ? '' : timeText(point.atNs);
  const start = [at, host, map, showBytes(key), String(window), kind];
  const type = maps.find(({ name }) => name === map)?.value;
  if (type?.kind === 'hist' || type?.kind === 'lhist') {
    return point.buckets
      .map(([bucket, hits]) =>
        csvLine([...start, '', '', '', '', bucketLabel(type, bucket), String(hits)]),
      )
      .join('');
  }
  const has = (kinds: readonly string[], value: bigint): string =>
    kinds.includes(kind) ? String(value) : '';
  return csvLine([
    ...start,
    has(['count', 'avg', 'stats'], point.count),
    has(['sum', 'avg', 'stats'], point.total),
    has(['min', 'max'], point.extreme),
    showBytes(point.text),
    '',
    '',
  ]);
}

/** To the nanosecond, UTC. */
export function timeText(unixNs: bigint): string {
  const seconds = new Date(Number(unixNs / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${String(unixNs % 1_000_000_000n).padStart(9, '0')}Z`;
}

/**
 * Output items as JSON, one object a line, in the form of `bpftrace -f json`, spacing included. On a fleet objects
 * carry `host`, and maps printed by the program `reporting`.
 */
import type { SourcePosition } from '../schema/event-schema.ts';
import type { HistogramRow } from './histogram.ts';
import { pairJson, spanJson } from './correlated-json.ts';
import { jsonInteger, jsonString, jsonValue } from './json-value.ts';
import type { LaidOutValue } from './map-layout.ts';
import { layOutMap } from './map-layout.ts';
import { keyText } from './map-text.ts';
import type { MapItem, OutputItem } from './output-item.ts';
import { errnoText } from './errno-text.ts';
import { intervalStart, type SeriesRow } from './time-series.ts';

/** A line with its line break; empty for a keyed map without entries. */
export function renderJson(item: OutputItem): string {
  switch (item.kind) {
    case 'map':
      return mapLine(item);
    case 'printf':
    case 'time':
    case 'join':
    case 'cat':
      return data(item.kind, jsonString(item.text), item.host);
    case 'system':
      return data('syscall', jsonString(item.text), item.host);
    case 'value':
      return data('value', jsonValue(item.type, item.value), item.host);
    case 'errorf':
    case 'warnf':
      return object(
        [['type', jsonString(item.kind)], ['msg', jsonString(item.message)], ...position(item.at)],
        item.host,
      );
    case 'runtime-error':
      return object(
        [['type', '"runtime_error"'], ['msg', jsonString(item.message)], ...position(item.at)],
        item.host,
      );
    case 'helper-error':
      return object(
        [
          ['type', '"helper_error"'],
          ['msg', jsonString(errnoText(-item.code))],
          ['helper', jsonString(item.helper)],
          ['retcode', `${item.code}`],
          ...position(item.at),
        ],
        item.host,
      );
    case 'span':
      return data('span', spanJson(item.span), item.host);
    case 'pair':
      return data('pair', pairJson(item.pair), undefined);
    case 'test-result': {
      const { tests, passed, durationNs, output } = item;
      const members = [
        `"duration": ${durationNs}`,
        `"passed": ${passed.at(-1) === true}`,
        `"output": ${jsonString(output)}`,
      ];
      return named('test_result', tests[passed.length - 1] ?? '', members);
    }
    case 'benchmark-result': {
      const members = [`"average": ${item.averageNs}`, `"iters": ${item.iterations}`];
      return named('benchmark_result', item.name, members);
    }
    case 'lost-events':
      return counted('lost_events', item.count, 'events', item.host);
    case 'attached-probes':
      return counted('attached_probes', item.count, 'probes', item.host);
  }
}

type Member = readonly [string, string];

function object(members: readonly Member[], host: string | undefined): string {
  const all: readonly Member[] =
    host === undefined ? members : [...members, ['host', jsonString(host)]];
  return `{${all.map(([name, json]) => `"${name}": ${json}`).join(', ')}}\n`;
}

function data(type: string, json: string, host: string | undefined): string {
  return object(
    [
      ['type', jsonString(type)],
      ['data', json],
    ],
    host,
  );
}

function named(type: string, name: string, members: readonly string[]): string {
  return data(type, `{${jsonString(name)}: {${members.join(', ')}}}`, undefined);
}

function counted(type: string, count: number, name: string, host: string | undefined): string {
  return object(
    [
      ['type', jsonString(type)],
      ['count', `${count}`],
      ['data', `{"${name}": ${count}}`],
    ],
    host,
  );
}

function position(at: SourcePosition): readonly Member[] {
  return [
    ['filename', jsonString(at.file)],
    ['line', `${at.line}`],
    ['col', `${at.column}`],
  ];
}

function mapLine(item: MapItem): string {
  const { map } = item;
  const entries = layOutMap(item);
  if (entries.length === 0) return '';
  const members = entries.map((entry) => {
    const key = keyText(map, entry)?.replaceAll(' ', '');
    return { key, json: valueJson(entry.value) };
  });
  const [first] = members;
  const body =
    first !== undefined && first.key === undefined
      ? first.json
      : `{${members.map(({ key, json }) => `${jsonString(key ?? '')}: ${json}`).join(', ')}}`;
  const reporting: readonly Member[] =
    item.reporting === undefined ? [] : [['reporting', `[${item.reporting.join(',')}]`]];
  return object(
    [
      ['type', jsonString(mapType(item))],
      ['data', `{${jsonString(map.name)}: ${body}}`],
      ...reporting,
    ],
    undefined,
  );
}

function mapType({ map }: MapItem): string {
  switch (map.value.kind) {
    case 'hist':
    case 'lhist':
      return 'hist';
    case 'tseries':
      return 'tseries';
    case 'avg':
    case 'stats':
      return 'stats';
    case 'plain':
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
      return 'map';
  }
}

function valueJson(value: LaidOutValue): string {
  switch (value.kind) {
    case 'value':
      return jsonValue(value.type, value.value);
    case 'stats':
      return `{"count": ${jsonInteger(value.count)}, "average": ${jsonInteger(value.average)}, "total": ${jsonInteger(value.total)}}`;
    case 'histogram':
      return `[${value.rows.map(rowJson).join(',')}]`;
    case 'series':
      return `[${value.rows.flatMap(seriesJson).join(',')}]`;
  }
}

/** Intervals without a value are left out. */
function seriesJson({ unixNs, value }: SeriesRow): string[] {
  if (value === undefined) return [];
  return [`{"interval_start":"${intervalStart(unixNs)}","value":${jsonInteger(value)}}`];
}

/** `max` is the last value inside of the bucket. */
function rowJson({ low, high, count }: HistogramRow): string {
  const min = low === undefined ? '' : `"min": ${jsonInteger(low.value)}, `;
  const max = high === undefined ? '' : `"max": ${jsonInteger(high.value - 1n)}, `;
  return `{${min}${max}"count": ${count}}`;
}

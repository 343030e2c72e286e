/** Spans and pairs as members of JSON, in nanoseconds. Times of day are text: as numbers most readers would round them. */
import type { Fields } from '../correlate/correlated-event.ts';
import { jsonInteger, jsonString } from './json-value.ts';
import type { PairEnd, PairItem, SpanItem } from './output-item.ts';

export function spanJson(item: SpanItem): string {
  const { name, pid, tid, enterNs, unixNs, durationNs, depth, enter, exit } = item;
  return object([
    ['name', jsonString(name)],
    ['pid', `${pid}`],
    ['tid', `${tid}`],
    ['enter_ns', `"${enterNs}"`],
    ['exit_ns', `"${unixNs}"`],
    ['duration_ns', jsonInteger(durationNs)],
    ['depth', `${depth}`],
    ['enter', fieldsJson(enter)],
    ['exit', fieldsJson(exit)],
  ]);
}

export function pairJson(item: PairItem): string {
  const { join, left, right, differenceNs, errorNs, withinError } = item;
  return object([
    ['join', jsonString(join)],
    ['left', endJson(left)],
    ['right', endJson(right)],
    ['difference_ns', jsonInteger(differenceNs)],
    ['error_ns', jsonInteger(errorNs)],
    ['within_error', `${withinError}`],
  ]);
}

function endJson({ host, pid, tid, unixNs, fields }: PairEnd): string {
  return object([
    ['host', jsonString(host)],
    ['pid', `${pid}`],
    ['tid', `${tid}`],
    ['at_ns', `"${unixNs}"`],
    ['fields', fieldsJson(fields)],
  ]);
}

export function fieldsJson(fields: Fields): string {
  return object(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? jsonInteger(value) : jsonString(value),
    ]),
  );
}

function object(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([name, json]) => `${jsonString(name)}: ${json}`).join(', ')}}`;
}

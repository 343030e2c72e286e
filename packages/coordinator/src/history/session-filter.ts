/** Which sessions a list of them is to have, as conditions of SQL. */
import type { HistoryFilter } from '@bpfleet/protocol';
import { canonicalPoint } from '@bpfleet/lang';

export interface Conditions {
  /** After WHERE; `1` for all. */
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const HOSTS = `arrayMap(host -> JSONExtractString(host, 'host'), JSONExtractArrayRaw(coverage, 'hosts'))`;

/** A session is of a time if it ran at any moment of it; one without an end is still there. */
export function conditionsOf(filter: HistoryFilter): Conditions {
  const conditions: string[] = [];
  const parameters: Record<string, unknown> = {};
  const add = (sql: string, name: string, value: unknown): void => {
    conditions.push(sql);
    parameters[name] = value;
  };
  const { sinceMs, untilMs, user, probe, host, text, state } = filter;
  if (sinceMs !== undefined) {
    const end = `if(ended_at IS NULL, {since:Int64}, toUnixTimestamp64Milli(assumeNotNull(ended_at)))`;
    add(`${end} >= {since:Int64}`, 'since', sinceMs);
  }
  if (untilMs !== undefined) {
    add('toUnixTimestamp64Milli(created_at) <= {until:Int64}', 'until', untilMs);
  }
  if (user !== undefined) add('match(who, {user:String})', 'user', globPattern(user));
  if (host !== undefined) {
    add(`arrayExists(name -> match(name, {host:String}), ${HOSTS})`, 'host', globPattern(host));
  }
  if (text !== undefined) {
    const contains = (column: string): string =>
      `positionCaseInsensitiveUTF8(${column}, {text:String}) > 0`;
    add(`(${contains('program')} OR ${contains('source_name')})`, 'text', text);
  }
  if (state !== undefined) add('state = {state:String}', 'state', state);
  if (probe !== undefined) {
    const point = canonicalPoint(probe);
    parameters['point'] = point;
    // A program with a wildcard traced what the wildcard stands for.
    const stands = String.raw`replaceAll(replaceAll(replaceAll(point, '\\', '\\\\'), '_', '\\_'), '*', '%')`;
    const named = `arrayExists(point -> match(point, {pattern:String}) OR {point:String} LIKE ${stands}, probes)`;
    // Sessions of earlier versions have their programs' text only.
    const written = 'empty(probes) AND match(program, {written:String})';
    add(`(${named} OR ${written})`, 'pattern', globPattern(point));
    parameters['written'] = globPattern(`*${probe}*`);
  }
  return { sql: conditions.length === 0 ? '1' : conditions.join(' AND '), parameters };
}

/** `*` is any text and `?` any character; the expression is one of RE2 and fits the whole. */
export function globPattern(glob: string): string {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
  return `(?s)^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`;
}

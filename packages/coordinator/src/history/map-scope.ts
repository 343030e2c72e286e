/** Which part of which map a question is about, and what keeps it from an answer. */
import { suggest } from '@bpfleet/lang';
import type { MapSchema, Measure, PartOfTime, Schema } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { HistoryFault, type KnownSession } from './find-session.ts';

export interface MapScope {
  readonly session: string;
  readonly map: MapSchema;
  readonly key?: string | undefined;
  readonly host?: string | undefined;
}

/** Entries of the map stand on hosts each, and cannot be added up over them. */
export function splitsHosts({ session }: KnownSession, map: MapSchema): boolean {
  if (map.value.kind === 'plain' || session.merge === 'host') return true;
  return session.merge === 'meaning' && map.hostLocal;
}

/** The first schema that has a map says what it means. */
export function mapsOf(schemas: Readonly<Record<string, Schema>>): readonly MapSchema[] {
  const maps = new Map<string, MapSchema>();
  for (const { maps: some } of Object.values(schemas)) {
    for (const map of some) if (!maps.has(map.name)) maps.set(map.name, map);
  }
  return [...maps.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** `@` may be left out. @throws {HistoryFault} that says which maps there are */
export function mapNamed({ session, schemas }: KnownSession, given: string): MapSchema {
  const maps = mapsOf(schemas);
  const name = given.startsWith('@') ? given : `@${given}`;
  const found = maps.find((map) => map.name === name);
  if (found !== undefined) return found;
  const names = maps.map((map) => map.name);
  const meant = suggest(name, names);
  const advice =
    names.length === 0
      ? 'it has none'
      : meant === undefined
        ? `it has ${names.join(', ')}`
        : `did you mean ${meant}?`;
  throw new HistoryFault('not-found', `session ${session.id} has no map ${name}: ${advice}`);
}

/** What entries of a map are ranked and compared by; undefined where they have no order. */
export function measureOf({ value }: MapSchema): Measure | undefined {
  switch (value.kind) {
    case 'count':
      return 'count';
    case 'sum':
      return 'total';
    case 'hist':
    case 'lhist':
      return 'hits';
    case 'avg':
    case 'stats':
      return 'average';
    case 'min':
    case 'max':
      return value.kind;
    case 'plain':
      return value.type.kind === 'integer' ? 'value' : undefined;
    case 'tseries':
      return undefined;
  }
}

/** @throws {HistoryFault} that says what the map holds instead */
export function measured(map: MapSchema): Measure {
  const measure = measureOf(map);
  if (measure !== undefined) return measure;
  const holds =
    map.value.kind === 'tseries' ? 'is a time series' : 'holds values that are no numbers';
  throw new HistoryFault(
    'invalid',
    `${map.name} ${holds}, which have no order: "bpfleet history show" prints it`,
  );
}

/** Its entries of several hosts, keys and windows add up. */
export function isAdditive(measure: Measure): boolean {
  return measure === 'count' || measure === 'total' || measure === 'hits';
}

/** Conditions of SQL on a table of map points, and their parameters. */
export function scopeConditions({ session, map, key, host }: MapScope): {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
} {
  const conditions = ['session = {session:String}', 'map = {map:String}', 'NOT deleted'];
  // Keys of several parts are stored in parentheses and printed without.
  if (key !== undefined) conditions.push("key IN ({key:String}, concat('(', {key:String}, ')'))");
  if (host !== undefined) conditions.push('host = {host:String}');
  return {
    sql: conditions.join(' AND '),
    parameters: {
      session,
      map: map.name,
      ...(key !== undefined && { key }),
      ...(host !== undefined && { host }),
    },
  };
}

/** Why there is nothing: the key, the host, or the time. */
export async function nothingThere(
  reader: StoreReader,
  scope: MapScope,
  range: PartOfTime = {},
): Promise<HistoryFault> {
  const { map, session, key, host } = scope;
  const { sql, parameters } = scopeConditions({ session, map });
  const distinct = async (column: 'key' | 'host'): Promise<readonly string[]> => {
    const rows = await reader.rows<{ readonly name: string }>(
      `SELECT DISTINCT ${column} AS name FROM map_points WHERE ${sql} ORDER BY name LIMIT 1000`,
      parameters,
    );
    return rows.map(({ name }) => name);
  };
  const keys = await distinct('key');
  if (keys.length === 0) {
    return new HistoryFault('not-found', `session ${session}: ${map.name} holds nothing`);
  }
  if (key !== undefined && !keys.includes(key) && !keys.includes(`(${key})`)) {
    return new HistoryFault('not-found', `${map.name} has no key ${key}: ${choices(key, keys)}`);
  }
  const hosts = await distinct('host');
  if (host !== undefined && !hosts.includes(host)) {
    return new HistoryFault(
      'not-found',
      `${map.name} has nothing of the host ${host}: ${choices(host, hosts)}`,
    );
  }
  const limited = range.fromNs !== undefined || range.toNs !== undefined;
  return new HistoryFault(
    'not-found',
    `session ${session}: nothing is known of ${map.name} ${limited ? 'in that range of time' : 'over time'}`,
  );
}

function choices(given: string, names: readonly string[]): string {
  const meant = suggest(given, names);
  if (meant !== undefined) return `did you mean ${meant}?`;
  const some = names.slice(0, 5).map((name) => name.trim().replaceAll(/\s+/g, ' '));
  return `it has ${some.join('; ')}${names.length > some.length ? '; …' : ''}`;
}

/**
 * The view of one session: its events with the arguments in columns that are named after what the program printed.
 * Where several events have a column of the same name, it has the values of all of them.
 */
import { eventFields, type EventSchema, type Schema } from '@bpfleet/protocol';
import { argumentPlaces, type ArgumentKind } from './typed-arguments.ts';

/** Of integers of both signs: all of either fit. */
type ColumnKind = ArgumentKind | 'wide';

interface Source {
  /** Rows whose argument it is. */
  readonly condition: string;
  readonly kind: ArgumentKind;
  readonly place: number;
}

/** Hosts send schemas: no more columns than a table should have, and no name that is more than a name. */
const MAX_COLUMNS = 1_000;
const NAME = /^[a-z_][a-z0-9_]{0,63}$/;
const SESSION = /^\w{1,64}$/;
const COLUMNS = ['session', 'host', 'at', 'pid', 'tid', 'kind', 'event', 'text'];

export function sessionViewName(session: string): string {
  return `session_${session}`;
}

/**
 * What the view selects; `undefined` for a session whose id cannot be part of a name.
 *
 * @param schemas by hash; those of hosts with other kernels may have the same argument as another type
 */
export function sessionViewQuery(
  session: string,
  schemas: Readonly<Record<string, Schema>>,
): string | undefined {
  if (!SESSION.test(session)) return undefined;
  const columns = [...columnsOf(schemas)].map(
    ([name, sources]) => `${columnOf(sources)} AS \`${name}\``,
  );
  return `SELECT ${[...COLUMNS, ...columns].join(', ')} FROM events WHERE session = '${session}'`;
}

function columnsOf(
  schemas: Readonly<Record<string, Schema>>,
): ReadonlyMap<string, readonly Source[]> {
  const columns = new Map<string, Source[]>();
  const alike = byArguments(schemas);
  for (const { hashes, events } of alike) {
    const ofSchemas =
      alike.length === 1 ? '' : ` AND schema_hash IN (${hashes.map(literal).join(', ')})`;
    for (const [index, event] of events.entries()) {
      const places = argumentPlaces(eventFields(event));
      for (const [at, name] of namesOf(event).entries()) {
        const place = places[at];
        if (place === undefined || !NAME.test(name) || COLUMNS.includes(name)) continue;
        const sources = columns.get(name) ?? [];
        if (sources.length === 0 && columns.size >= MAX_COLUMNS) continue;
        columns.set(name, [...sources, { condition: `event = ${index}${ofSchemas}`, ...place }]);
      }
    }
  }
  return columns;
}

/** Schemas whose arguments have the same names, and lie in the same places, are one here. */
function byArguments(
  schemas: Readonly<Record<string, Schema>>,
): readonly { readonly hashes: readonly string[]; readonly events: readonly EventSchema[] }[] {
  const groups = new Map<string, { hashes: string[]; events: readonly EventSchema[] }>();
  for (const [hash, { events }] of Object.entries(schemas)) {
    const shape = JSON.stringify(
      events.map((event) => [namesOf(event), argumentPlaces(eventFields(event))]),
    );
    const group = groups.get(shape) ?? { hashes: [], events };
    group.hashes.push(hash);
    groups.set(shape, group);
  }
  return [...groups.values()];
}

/** None in schemas of before there were any. */
function namesOf(event: EventSchema): readonly string[] {
  return 'names' in event ? (event.names ?? []) : [];
}

/** NULL in rows of other events. */
function columnOf(sources: readonly Source[]): string {
  const kind = sources.map((source): ColumnKind => source.kind).reduce(widened);
  const cases = sources.map((source) => `${source.condition}, ${valueOf(source, kind)}`);
  return `multiIf(${cases.join(', ')}, NULL)`;
}

/** A column of two types is text. */
function widened(a: ColumnKind, b: ColumnKind): ColumnKind {
  if (a === b) return a;
  return a === 'text' || b === 'text' || a === 'boolean' || b === 'boolean' ? 'text' : 'wide';
}

function valueOf(source: Source, column: ColumnKind): string {
  const value = ownValue(source);
  if (column === 'text' && source.kind !== 'text') return `toString(${value})`;
  return column === 'wide' ? `toInt128(${value})` : value;
}

function ownValue({ kind, place }: Source): string {
  switch (kind) {
    case 'signed':
      return `numbers[${place}]`;
    case 'unsigned':
      return `reinterpretAsUInt64(numbers[${place}])`;
    case 'boolean':
      return `toBool(numbers[${place}])`;
    case 'text':
      return `texts[${place}]`;
  }
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

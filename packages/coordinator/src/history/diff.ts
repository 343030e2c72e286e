/** What differs between two runs, or in one run before and after a moment. */
import type {
  DiffAnswer,
  DiffQuestion,
  DiffSide,
  MapDiff,
  MapSchema,
  Measure,
  Move,
  SessionInfo,
  TimeRange,
} from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { bucketShift, shapeDistance } from './buckets.ts';
import { HistoryFault, type KnownSession } from './find-session.ts';
import { oneInterval, within } from './intervals.ts';
import { knownRange } from './map-growth.ts';
import { mapNamed, mapsOf, measured, measureOf, nothingThere, splitsHosts } from './map-scope.ts';
import { readTotals, readTotalsWithin, type Total } from './map-totals.ts';

const NS_PER_MS = 1_000_000n;

/** Two runs. @throws {HistoryFault} where they have no map in common */
export async function answerDiff(
  reader: StoreReader,
  before: KnownSession,
  after: KnownSession,
  map: string | undefined,
): Promise<DiffAnswer> {
  const notCompared: Record<string, string> = {};
  const theirs = new Map(mapsOf(after.schemas).map((one) => [one.name, one]));
  const wanted =
    map === undefined ? mapsOf(before.schemas) : [mapNamed(before, mapNamed(after, map).name)];
  const maps: MapDiff[] = [];
  for (const mine of wanted) {
    const other = theirs.get(mine.name);
    theirs.delete(mine.name);
    const reason = whyNot(mine, other, before.session, after.session);
    if (reason !== undefined || other === undefined) {
      notCompared[mine.name] = reason ?? '';
      continue;
    }
    const grouping = {
      byHost: splitsHosts(before, mine) || splitsHosts(after, other),
      byKey: true,
    };
    const measure = measured(mine);
    const read = async (session: string, one: MapSchema): Promise<readonly Total[]> =>
      readTotals(reader, { session, map: one }, measure, grouping);
    const totals = [
      await read(before.session.id, mine),
      await read(after.session.id, other),
    ] as const;
    maps.push(mapDiff(mine, measure, ...totals, grouping.byHost));
  }
  if (map === undefined) {
    for (const name of theirs.keys()) notCompared[name] = `only in ${after.session.id}`;
  }
  if (maps.length === 0) {
    const reasons = Object.entries(notCompared).map(([name, reason]) => `${name} is ${reason}`);
    throw new HistoryFault(
      'invalid',
      `sessions ${before.session.id} and ${after.session.id} have no map that can be compared${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`,
    );
  }
  return { before: sideOf(before.session), after: sideOf(after.session), maps, notCompared };
}

/** One run before and after a moment. @throws {HistoryFault} where there is nothing on one side of it */
export async function answerDiffAt(
  reader: StoreReader,
  known: KnownSession,
  { atNs, spanNs, map: name }: DiffQuestion & { readonly atNs: bigint },
): Promise<DiffAnswer> {
  const { session } = known;
  const wanted =
    name === undefined ? mapsOf(known.schemas).filter(hasParts) : [mapNamed(known, name)];
  const maps: MapDiff[] = [];
  let sides: readonly [TimeRange, TimeRange] | undefined;
  for (const map of wanted) {
    const measure = measured(map);
    const scope = { session: session.id, map };
    const all = await knownRange(reader, scope);
    const before =
      all && within(all, { toNs: atNs, ...(spanNs !== undefined && { fromNs: atNs - spanNs }) });
    const after =
      all && within(all, { fromNs: atNs, ...(spanNs !== undefined && { toNs: atNs + spanNs }) });
    if (before === undefined || after === undefined) {
      if (name === undefined) continue;
      throw all === undefined
        ? await nothingThere(reader, scope, {})
        : outside(session.id, map, atNs, all);
    }
    const grouping = { byHost: splitsHosts(known, map), byKey: true };
    const [first, second] = [oneInterval(before), oneInterval(after)];
    sides ??= [first.range, second.range];
    maps.push(
      mapDiff(
        map,
        measure,
        await readTotalsWithin(reader, scope, first, measure, grouping),
        await readTotalsWithin(reader, scope, second, measure, grouping),
        grouping.byHost,
      ),
    );
  }
  if (sides === undefined) {
    throw new HistoryFault(
      'not-found',
      `session ${session.id} counted nothing on one side of that moment: it ran from ${timeText(session.startedAtMs)} to ${timeText(session.endedAtMs)}`,
    );
  }
  const [before, after] = sides;
  return { before: partOf(session, before), after: partOf(session, after), maps, notCompared: {} };
}

function outside(session: string, map: MapSchema, atNs: bigint, all: TimeRange): HistoryFault {
  const text = (ns: bigint): string => timeText(Number(ns / NS_PER_MS));
  return new HistoryFault(
    'not-found',
    `session ${session}: ${map.name} is known from ${text(all.fromNs)} to ${text(all.toNs)}, and ${text(atNs)} is not within`,
  );
}

function timeText(unixMs: number | undefined): string {
  return unixMs === undefined ? 'now' : new Date(unixMs).toISOString();
}

/** Largest values and the like are not known for a part of the time. */
function hasParts(map: MapSchema): boolean {
  const measure = measureOf(map);
  return measure !== undefined && measure !== 'min' && measure !== 'max' && measure !== 'value';
}

function whyNot(
  mine: MapSchema,
  other: MapSchema | undefined,
  before: SessionInfo,
  after: SessionInfo,
): string | undefined {
  if (other === undefined) return `only in ${before.id}`;
  if (measureOf(mine) === undefined) return 'without numbers to compare';
  if (JSON.stringify(mine.value, big) === JSON.stringify(other.value, big)) return undefined;
  return `${mine.value.kind} in ${before.id} and ${other.value.kind} in ${after.id}, or has other buckets`;
}

function big(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function sideOf(session: SessionInfo): DiffSide {
  const { startedAtMs, endedAtMs } = session;
  const known = startedAtMs !== undefined && endedAtMs !== undefined;
  return { session, ...(known && { durationMs: endedAtMs - startedAtMs }) };
}

function partOf(session: SessionInfo, range: TimeRange): DiffSide {
  return { session, range, durationMs: Number((range.toNs - range.fromNs) / NS_PER_MS) };
}

function mapDiff(
  map: MapSchema,
  measure: Measure,
  before: readonly Total[],
  after: readonly Total[],
  byHost: boolean,
): MapDiff {
  const idOf = ({ host, key }: Total): string => JSON.stringify([host, key]);
  const earlier = new Map(before.map((total) => [idOf(total), total]));
  const later = new Map(after.map((total) => [idOf(total), total]));
  const moves: Move[] = [];
  let unmoved = 0;
  for (const id of new Set([...earlier.keys(), ...later.keys()])) {
    const [a, b] = [earlier.get(id), later.get(id)];
    const { host = '', key = '' } = a ?? b ?? {};
    const named = { ...(byHost && { host }), ...(map.key !== undefined && { key }) };
    const move = measure === 'hits' ? shapeMove(a, b) : valueMove(a, b);
    if (move.size === 0n) unmoved += 1;
    else moves.push({ ...named, ...move });
  }
  const { value: type } = map;
  return {
    map: map.name,
    measure,
    ...((type.kind === 'hist' || type.kind === 'lhist') && { type }),
    moves: moves.toSorted((a, b) => (a.size === b.size ? 0 : a.size > b.size ? -1 : 1)),
    unmoved,
  };
}

function valueMove(a: Total | undefined, b: Total | undefined): Move {
  return {
    ...(a !== undefined && { before: a.value }),
    ...(b !== undefined && { after: b.value }),
    size: magnitude((b?.value ?? 0n) - (a?.value ?? 0n)),
  };
}

function shapeMove(a: Total | undefined, b: Total | undefined): Move {
  const [before, after] = [new Map(a?.buckets), new Map(b?.buckets)];
  const numbers = [...new Set([...before.keys(), ...after.keys()])].toSorted((x, y) => x - y);
  const buckets = numbers.map((bucket) => ({
    bucket,
    before: before.get(bucket) ?? 0n,
    after: after.get(bucket) ?? 0n,
  }));
  const distance = a && b && shapeDistance(a.buckets, b.buckets);
  const shift = a && b && bucketShift(a.buckets, b.buckets);
  return {
    ...valueMove(a, b),
    size: buckets.reduce((sum, { before, after }) => sum + magnitude(after - before), 0n),
    ...(distance !== undefined && { distance }),
    ...(shift !== undefined && { shift }),
    buckets,
  };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

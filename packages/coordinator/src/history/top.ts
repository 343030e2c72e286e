/** Which keys or hosts have the most. */
import type { MapSchema, TopAnswer, TopEntry, TopOfMap, TopQuestion } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { HistoryFault, type KnownSession } from './find-session.ts';
import { intervalOf } from './interval-of.ts';
import type { Grouping, Intervals } from './map-growth.ts';
import {
  isAdditive,
  mapNamed,
  mapsOf,
  measured,
  measureOf,
  nothingThere,
  splitsHosts,
} from './map-scope.ts';
import {
  readRanking,
  readTotalsWithin,
  type Ranked,
  type Ranking,
  type Total,
} from './map-totals.ts';

const DEFAULT_LIMIT = 10;

/** @throws {HistoryFault} where there is nothing to rank */
export async function answerTop(
  reader: StoreReader,
  known: KnownSession,
  question: TopQuestion,
): Promise<TopAnswer> {
  const { session, schemas } = known;
  const { map: name } = question;
  const maps =
    name === undefined
      ? mapsOf(schemas).filter((map) => measureOf(map) !== undefined)
      : [mapNamed(known, name)];
  if (maps.length === 0) {
    throw new HistoryFault(
      'not-found',
      `session ${session.id} has no maps that can be ranked; "bpfleet query" counts events, such as SELECT host, count() FROM events WHERE session = '${session.id}' GROUP BY host`,
    );
  }
  const intervals = await intervalOf(reader, session.id, maps[0], question);
  const answers: TopOfMap[] = [];
  for (const map of maps) {
    const answer = await topOf(reader, known, map, question, intervals);
    if (answer.entries.length > 0) answers.push(answer);
  }
  const [first] = maps;
  if (answers.length === 0 && first !== undefined) {
    throw await nothingThere(reader, { session: session.id, map: first }, question);
  }
  return { session, maps: answers, ...(intervals !== undefined && { range: intervals.range }) };
}

async function topOf(
  reader: StoreReader,
  known: KnownSession,
  map: MapSchema,
  { by = 'key', limit = DEFAULT_LIMIT }: TopQuestion,
  intervals: Intervals | undefined,
): Promise<TopOfMap> {
  const measure = measured(map);
  const byHost = by === 'host';
  const grouping = { byHost: byHost || splitsHosts(known, map), byKey: !byHost };
  const scope = { session: known.session.id, map };
  const ranking =
    intervals === undefined
      ? await readRanking(reader, scope, measure, grouping, limit)
      : rankingOf(await readTotalsWithin(reader, scope, intervals, measure, grouping), limit);
  const hasKey = !byHost && map.key !== undefined;
  return {
    map: map.name,
    measure,
    entries: ranking.entries.map((entry) => entryOf(entry, grouping, hasKey)),
    of: ranking.of,
    ...(isAdditive(measure) && { sum: ranking.sum }),
  };
}

function entryOf(
  { host, key, value, hosts }: Ranked,
  { byHost }: Grouping,
  hasKey: boolean,
): TopEntry {
  return { ...(byHost && { host }), ...(hasKey && { key }), value, hosts };
}

function rankingOf(totals: readonly Total[], limit: number): Ranking {
  const entries = totals
    .filter(({ value }) => value !== 0n)
    .map(({ host, key, value }) => ({ host, key, value, hosts: 0 }))
    .toSorted((a, b) => (a.value === b.value ? 0 : a.value > b.value ? -1 : 1));
  return {
    entries: entries.slice(0, limit),
    of: entries.length,
    sum: entries.reduce((sum, { value }) => sum + value, 0n),
  };
}

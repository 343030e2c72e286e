/** A histogram over time: what each of its buckets counted in each interval. */
import {
  histBuckets,
  lhistBuckets,
  type Buckets,
  type HeatmapAnswer,
  type HeatmapQuestion,
} from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { addBuckets } from './buckets.ts';
import { HistoryFault, type KnownSession } from './find-session.ts';
import { intervalsOf, within } from './intervals.ts';
import { knownRange, readGrowth } from './map-growth.ts';
import { mapNamed, nothingThere } from './map-scope.ts';

const DEFAULT_COLUMNS = 100;

/** @throws {HistoryFault} where there is no histogram, or nothing of it in that time */
export async function answerHeatmap(
  reader: StoreReader,
  known: KnownSession,
  question: HeatmapQuestion,
): Promise<HeatmapAnswer> {
  const map = mapNamed(known, question.map);
  const { value: type } = map;
  if (type.kind !== 'hist' && type.kind !== 'lhist') {
    throw new HistoryFault(
      'invalid',
      `${map.name} is no histogram (${type.kind}): a heat map needs hist() or lhist(); "bpfleet history top" ranks what it holds`,
    );
  }
  const { key, host, columns = DEFAULT_COLUMNS } = question;
  const scope = { session: known.session.id, map, key, host };
  const all = await knownRange(reader, scope);
  const range = all === undefined ? undefined : within(all, question);
  if (range === undefined) throw await nothingThere(reader, scope, question);
  const intervals = intervalsOf(range, columns);
  const grown = await readGrowth(reader, scope, intervals, { byHost: false, byKey: false });
  const cells: Buckets[] = Array.from({ length: intervals.count }, () => []);
  for (const { interval, buckets } of grown) {
    if (interval < cells.length) cells[interval] = addBuckets(cells[interval] ?? [], buckets);
  }
  // What a host sends is stored as it came.
  const most =
    type.kind === 'hist' ? histBuckets(type.bits) : lhistBuckets(type.min, type.max, type.step);
  return {
    session: known.session,
    map: map.name,
    ...(key !== undefined && { key }),
    type,
    range: intervals.range,
    stepNs: BigInt(intervals.stepSeconds) * 1_000_000_000n,
    // A key that was deleted and made anew begins at nothing, which looks like less than nothing.
    columns: cells.map((buckets) => buckets.filter(([at, hits]) => hits > 0n && at < most)),
  };
}

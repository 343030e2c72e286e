/**
 * Which hosts differ from the fleet. Histograms are compared by their shape: the Jensen–Shannon distance of a host's
 * from that of all other hosts together. Numbers are compared as they are. Either is then judged by how many robust
 * standard deviations (from the median absolute deviation) it lies from the median of all hosts.
 */
import type { HostDeviation, Measure, OutliersAnswer, OutliersQuestion } from '@bpfleet/protocol';
import type { StoreReader } from '../store/reader.ts';
import { addBuckets, bucketShift, hitsOf, shapeDistance, subtractBuckets } from './buckets.ts';
import { HistoryFault, type KnownSession } from './find-session.ts';
import { intervalOf } from './interval-of.ts';
import { mapNamed, measured, nothingThere } from './map-scope.ts';
import { readTotals, readTotalsWithin, type Total } from './map-totals.ts';
import { robustScore, spreadOf, type Spread } from './robust.ts';

const DEFAULT_THRESHOLD = 3.5;
/** Of fewer hosts none is the odd one out. */
const FEWEST_HOSTS = 3;
/** Shapes of fewer hits than this differ by chance. */
const FEWEST_HITS = 20n;
/** However alike all others are, a shape that is so near to theirs is no outlier. */
const LEAST_DISTANCE = 0.1;

/** @throws {HistoryFault} where hosts cannot be compared */
export async function answerOutliers(
  reader: StoreReader,
  known: KnownSession,
  question: OutliersQuestion,
): Promise<OutliersAnswer> {
  const map = mapNamed(known, question.map);
  const measure = measured(map);
  const { session } = known;
  const { key, threshold = DEFAULT_THRESHOLD } = question;
  const scope = { session: session.id, map, key };
  const grouping = { byHost: true, byKey: false };
  const interval = await intervalOf(reader, session.id, map, question);
  const totals =
    interval === undefined
      ? await readTotals(reader, scope, measure, grouping)
      : await readTotalsWithin(reader, scope, interval, measure, grouping);
  if (totals.length === 0) throw await nothingThere(reader, scope, question);
  const hosts = withSilent(
    totals,
    session.coverage.hosts.filter(took).map(({ host }) => host),
    measure,
  );
  if (hosts.length < FEWEST_HOSTS) {
    throw new HistoryFault(
      'invalid',
      `${map.name} is of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}: ${FEWEST_HOSTS} are needed to say which of them differs`,
    );
  }
  const { deviations, spread } =
    measure === 'hits' ? byShape(hosts, threshold) : byValue(hosts, measure, threshold);
  return {
    session,
    map: map.name,
    ...(key !== undefined && { key }),
    ...(interval !== undefined && { range: interval.range }),
    measure,
    threshold,
    median: spread.median,
    deviation: spread.deviation,
    hosts: deviations.toSorted((a, b) => b.score - a.score || (a.host < b.host ? -1 : 1)),
  };
}

function took({ state }: { readonly state: string }): boolean {
  return state === 'attached' || state === 'ended';
}

/** A host that took part and counted nothing has counted 0: that may be what is odd about it. */
function withSilent(
  totals: readonly Total[],
  hosts: readonly string[],
  measure: Measure,
): readonly Total[] {
  if (measure !== 'count' && measure !== 'total' && measure !== 'hits') return totals;
  const silent = hosts.filter((host) => !totals.some((total) => total.host === host));
  return [...totals, ...silent.map((host) => ({ host, key: '', value: 0n, buckets: [] }))];
}

interface Judged {
  readonly deviations: readonly HostDeviation[];
  readonly spread: Spread;
}

function byShape(hosts: readonly Total[], threshold: number): Judged {
  const all = hosts.map(({ buckets }) => buckets).reduce(addBuckets, []);
  const compared = hosts.map(({ host, buckets }) => {
    const others = subtractBuckets(all, buckets);
    const value = hitsOf(buckets);
    const distance = value < FEWEST_HITS ? undefined : shapeDistance(others, buckets);
    return { host, value, distance, shift: bucketShift(others, buckets) };
  });
  const spread = spreadOf(compared.flatMap(({ distance }) => distance ?? []));
  const deviations = compared.map(({ host, value, distance, shift }): HostDeviation => {
    if (distance === undefined) {
      const reason = `${value} ${value === 1n ? 'hit is' : 'hits are'} too few to have a shape (fewer than ${FEWEST_HITS})`;
      return { host, value, score: 0, outlier: false, reason };
    }
    // Nearer to the others than most is no fault.
    const score = Math.max(0, robustScore(distance, spread));
    const outlier = score >= threshold && distance >= LEAST_DISTANCE;
    const direction = shift === undefined ? '' : `, ${shiftText(shift)}`;
    const reason = `distance ${distance.toFixed(3)} from all others${direction}; median of all hosts ${spread.median.toFixed(3)}`;
    return { host, value, distance, ...(shift !== undefined && { shift }), score, outlier, reason };
  });
  return { deviations, spread };
}

function byValue(hosts: readonly Total[], measure: Measure, threshold: number): Judged {
  const spread = spreadOf(hosts.map(({ value }) => Number(value)));
  const deviations = hosts.map(({ host, value }): HostDeviation => {
    const signed = robustScore(Number(value), spread);
    const side = signed < 0 ? 'below' : 'above';
    const score = Math.abs(signed);
    const reason =
      score === 0
        ? `${measure} ${value}, the median of all hosts`
        : `${measure} ${value}, ${side} the median of all hosts, ${rounded(spread.median)}`;
    return { host, value, score, outlier: score >= threshold, reason };
  });
  return { deviations, spread };
}

function shiftText(shift: number): string {
  const buckets = Math.abs(shift).toFixed(1);
  return Math.abs(shift) < 0.05
    ? 'not shifted'
    : `${buckets} buckets ${shift > 0 ? 'higher' : 'lower'}`;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** What moved between two runs, or before and after a moment: keys, and buckets of histograms. */
import {
  bucketLabel,
  type DiffAnswer,
  type DiffSide,
  type MapDiff,
  type Move,
} from '@bpfleet/protocol';
import { entryLabel, mapLabel } from './entry-label.ts';
import { changeText, shareText, signed } from './share-text.ts';
import { table } from './table.ts';
import { rangeText } from './top-text.ts';

/** Lengths of time that differ by more than this part are worth a column. */
const SAME_LENGTH = 0.02;
const BAR_WIDTH = 24;

/** @param limit of each map at most so many entries */
export function diffText(answer: DiffAnswer, limit: number): string {
  const { before, after, maps, notCompared } = answer;
  const head = sideText('before', before) + sideText('after ', after);
  const lengths = lengthsOf(before, after);
  const bodies = maps.map((map) => mapDiffText(map, limit, lengths));
  const left = Object.entries(notCompared).map(
    ([name, reason]) => `${name}: not compared: ${reason}\n`,
  );
  return [head, ...bodies, ...(left.length === 0 ? [] : [left.join('')])].join('\n');
}

function sideText(name: string, { session, range, durationMs }: DiffSide): string {
  const length = durationMs === undefined ? '' : ` (${(durationMs / 1000).toFixed(1)} s)`;
  return `${name} ${session.id}${range === undefined ? '' : ` ${rangeText(range)}`}${length}\n`;
}

/** In seconds, where they are known and differ. */
function lengthsOf(before: DiffSide, after: DiffSide): readonly [number, number] | undefined {
  const [a, b] = [before.durationMs, after.durationMs];
  if (a === undefined || b === undefined || a <= 0 || b <= 0) return undefined;
  return Math.abs(a - b) / Math.max(a, b) <= SAME_LENGTH ? undefined : [a / 1000, b / 1000];
}

function mapDiffText(
  diff: MapDiff,
  limit: number,
  lengths: readonly [number, number] | undefined,
): string {
  const { map, measure, moves, unmoved } = diff;
  const shown = moves.slice(0, limit);
  const more = moves.length > shown.length ? `, the ${shown.length} largest of them here` : '';
  const head = `${map}: ${moves.length} moved${more}, ${unmoved} did not\n`;
  if (shown.length === 0) return head;
  if (diff.type !== undefined) return head + shown.map((move) => shapeText(diff, move)).join('\n');
  const named = shown.some(({ host, key }) => host !== undefined || key !== undefined);
  const additive = measure === 'count' || measure === 'total';
  const rates = additive ? lengths : undefined;
  const header = [
    ...(named ? ['KEY'] : []),
    ...['BEFORE', 'AFTER', 'CHANGE', 'RELATIVE'],
    ...(rates === undefined ? [] : ['PER SECOND']),
  ];
  const rows = shown.map((move) => {
    const [before, after] = [move.before ?? 0n, move.after ?? 0n];
    return [
      ...(named ? [entryLabel(move)] : []),
      move.before === undefined ? '-' : String(before),
      move.after === undefined ? '-' : String(after),
      signed(after - before),
      changeText(Number(before), Number(after)),
      ...(rates === undefined
        ? []
        : [changeText(Number(before) / rates[0], Number(after) / rates[1])]),
    ];
  });
  return head + table(header, rows);
}

/** Buckets are compared by their part of all hits, so that runs of different lengths can be. */
function shapeText({ map, type }: MapDiff, move: Move): string {
  const [before, after] = [move.before ?? 0n, move.after ?? 0n];
  const apart = [
    `hits ${before} to ${after} (${changeText(Number(before), Number(after))})`,
    ...(move.distance === undefined ? [] : [`distance ${move.distance.toFixed(3)}`]),
    ...(move.shift === undefined ? [] : [shiftText(move.shift)]),
  ];
  const rows = (move.buckets ?? []).map((bucket) => {
    const change = share(bucket.after, after) - share(bucket.before, before);
    return [
      type === undefined ? String(bucket.bucket) : bucketLabel(type, bucket.bucket),
      String(bucket.before),
      String(bucket.after),
      signed(bucket.after - bucket.before),
      shareText(bucket.before, before),
      shareText(bucket.after, after),
      barText(change),
    ];
  });
  const header = ['BUCKET', 'BEFORE', 'AFTER', 'CHANGE', 'SHARE', 'THEN', ''];
  return `${mapLabel(map, move)}: ${apart.join(', ')}\n${table(header, rows)}`;
}

function shiftText(shift: number): string {
  if (Math.abs(shift) < 0.05) return 'not shifted';
  return `${Math.abs(shift).toFixed(1)} buckets ${shift > 0 ? 'higher' : 'lower'}`;
}

function share(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number(part) / Number(whole);
}

/** The whole width is all hits. */
function barText(change: number): string {
  const width = Math.round(Math.abs(change) * BAR_WIDTH);
  return (change < 0 ? '-' : '+').repeat(width);
}

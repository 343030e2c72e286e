/** The largest entries of maps, as a table for each. */
import type { TimeRange, TopAnswer, TopOfMap } from '@bpfleet/protocol';
import { entryLabel } from './entry-label.ts';
import { momentText } from './moment.ts';
import { shareText } from './share-text.ts';
import { table } from './table.ts';

export function topText({ maps, range }: TopAnswer): string {
  const head = range === undefined ? '' : `${rangeText(range)}\n\n`;
  return head + maps.map(mapText).join('\n');
}

export function rangeText({ fromNs, toNs }: TimeRange): string {
  return `from ${momentText(fromNs)} to ${momentText(toNs)}`;
}

function mapText({ map, measure, entries, of, sum }: TopOfMap): string {
  const named = entries.some(({ host, key }) => host !== undefined || key !== undefined);
  const known = entries.some(({ hosts }) => hosts > 0);
  const byHost = entries.every(({ host, key }) => host !== undefined && key === undefined);
  const header = [
    ...(named ? [byHost ? 'HOST' : 'KEY'] : []),
    measure.toUpperCase(),
    ...(sum === undefined ? [] : ['SHARE']),
    ...(known && !byHost ? ['HOSTS'] : []),
  ];
  const rows = entries.map((entry) => [
    ...(named ? [entryLabel(entry)] : []),
    String(entry.value),
    ...(sum === undefined ? [] : [shareText(entry.value, sum)]),
    ...(known && !byHost ? [String(entry.hosts)] : []),
  ]);
  const more = of > entries.length ? `${entries.length} of ${of}` : String(of);
  const what = of === 1 ? 'entry' : 'entries';
  const all = sum === undefined ? '' : `, ${measure} ${sum} in all`;
  return `${map}: ${more} ${what}${all}\n${table(header, rows)}`;
}

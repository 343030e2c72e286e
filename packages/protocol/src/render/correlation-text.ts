/** Spans and pairs as lines of text. */
import type { Fields } from '../correlate/correlated-event.ts';
import type { CorrelationCounts } from '../correlate/correlator.ts';
import type { PairEnd, PairItem, SpanItem } from './output-item.ts';
import { timeText } from './time-text.ts';

/** `read 12.3 µs  pid 7 tid 8  fd=3 → ret=10`; inner spans further to the right. */
export function spanText({ name, durationNs, pid, tid, depth, enter, exit }: SpanItem): string {
  const indent = '  '.repeat(Math.min(depth, 16));
  const fields = [fieldsText(enter), fieldsText(exit)];
  const shown = fields.every((text) => text === '') ? '' : `  ${fields.join(' → ').trim()}`;
  return `${indent}${name} ${timeText(durationNs)}  pid ${pid} tid ${tid}${shown}\n`;
}

/** `web-1 → db-2  +1.2 ms ±0.3 ms  key=7 → key=7` */
export function pairText({ left, right, differenceNs, errorNs, withinError }: PairItem): string {
  const sign = differenceNs < 0n ? '-' : '+';
  const difference = timeText(differenceNs < 0n ? -differenceNs : differenceNs);
  const doubt = withinError ? ' (within the clock error)' : '';
  return `${endText(left)} → ${endText(right)}  ${sign}${difference} ±${timeText(errorNs)}${doubt}\n`;
}

/** What all of it came to, a line for each definition; empty without any. */
export function correlationText({ spans, joins }: CorrelationCounts): string {
  const lines = [
    ...spans.map(
      ({ name, spans: count, totalNs, longestNs, openEnters, lostEnters, forgotten }) => {
        const average = count === 0 ? '' : `, average ${timeText(totalNs / BigInt(count))}`;
        const longest = count === 0 ? '' : `, longest ${timeText(longestNs)}`;
        return (
          `spans ${name}: ${count}${average}${longest}` +
          ` · without exit ${openEnters}, without enter ${lostEnters}` +
          (forgotten > 0 ? `, forgotten ${forgotten}` : '')
        );
      },
    ),
    ...joins.map(
      ({ join, pairs, withinError, unmatchedLeft, unmatchedRight, forgotten }) =>
        `join ${join}: ${pairs} pairs, ${withinError} within the clock error` +
        ` · alone ${unmatchedLeft} left, ${unmatchedRight} right` +
        (forgotten > 0 ? `, forgotten ${forgotten}` : ''),
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function endText({ host, fields }: PairEnd): string {
  const shown = fieldsText(fields);
  return shown === '' ? host : `${host} ${shown}`;
}

export function fieldsText(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

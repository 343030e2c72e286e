/** Spans as rows of `spans`. */
import { fieldText, type Correlated, type Fields } from '@bpfleet/protocol';
import type { Row } from './batch-writer.ts';
import { dateTime64, int64 } from './column-text.ts';

/** @param streamSequence of the message with which they were known */
export function spanRows(made: readonly Correlated[], streamSequence: number): Row[] {
  return made.flatMap((one) => {
    if (one.kind !== 'span') return [];
    const { name, enter, exit, durationNs, depth, uncertain } = one.span;
    return [
      [
        enter.session,
        name,
        enter.host,
        enter.pid,
        enter.tid,
        dateTime64(enter.unixNs),
        dateTime64(exit.unixNs),
        int64(durationNs),
        0,
        Math.min(depth, 65_535),
        enter.event,
        exit.event,
        textsOf(enter.fields),
        textsOf(exit.fields),
        uncertain,
        enter.epoch,
        enter.sequence,
        enter.index,
        streamSequence,
      ],
    ];
  });
}

function textsOf(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, fieldText(value)]),
  );
}

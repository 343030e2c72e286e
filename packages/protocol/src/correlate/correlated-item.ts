/** Spans and pairs as things to print. */
import type { PairEnd, PairItem, SpanItem } from '../render/output-item.ts';
import type { CorrelatedEvent } from './correlated-event.ts';
import type { Correlated } from './correlator.ts';
import type { Pair } from './join.ts';
import type { Span } from './span.ts';

export function correlatedItem(correlated: Correlated): SpanItem | PairItem {
  return correlated.kind === 'span' ? spanItem(correlated.span) : pairItem(correlated.pair);
}

function spanItem({ name, enter, exit, durationNs, depth }: Span): SpanItem {
  const { host, pid, tid, unixNs } = exit;
  const fields = { enter: enter.fields, exit: exit.fields };
  const enterNs = enter.unixNs;
  return { kind: 'span', name, host, pid, tid, unixNs, enterNs, durationNs, depth, ...fields };
}

function pairItem({ left, right, ...pair }: Pair): PairItem {
  const unixNs = left.unixNs > right.unixNs ? left.unixNs : right.unixNs;
  return { kind: 'pair', unixNs, left: endOf(left), right: endOf(right), ...pair };
}

function endOf({ host, pid, tid, unixNs, fields }: CorrelatedEvent): PairEnd {
  return { host, pid, tid, unixNs, fields };
}

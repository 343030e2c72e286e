/** All spans and joins of a session, or of several: fed with events, it gives what they complete. */
import type { CorrelatedEvent } from './correlated-event.ts';
import type { JoinDefinition, Pair } from './join.ts';
import { JoinMatcher, type JoinCounts } from './join-matcher.ts';
import { SpanMatcher, type SpanCounts } from './span-matcher.ts';
import type { Span, SpanDefinition } from './span.ts';

export interface Correlation {
  readonly spans: readonly SpanDefinition[];
  readonly joins: readonly JoinDefinition[];
}

export type Correlated =
  { readonly kind: 'span'; readonly span: Span } | { readonly kind: 'pair'; readonly pair: Pair };

/** What all of it came to. */
export interface CorrelationCounts {
  readonly spans: readonly SpanCounts[];
  readonly joins: readonly JoinCounts[];
}

export class Correlator {
  readonly #spans: SpanMatcher;
  readonly #joins: readonly JoinMatcher[];

  constructor({ spans, joins }: Correlation) {
    this.#spans = new SpanMatcher(spans);
    this.#joins = joins.map((join) => new JoinMatcher(join, spans));
  }

  take(event: CorrelatedEvent): readonly Correlated[] {
    return [
      ...this.#spans.take(event).map((span) => ({ kind: 'span', span }) as const),
      ...this.#joins.flatMap((join) =>
        join.take(event).map((pair) => ({ kind: 'pair', pair }) as const),
      ),
    ];
  }

  counts(): CorrelationCounts {
    return { spans: this.#spans.counts(), joins: this.#joins.map((join) => join.counts()) };
  }
}

/**
 * Makes spans of the events of hosts, each host's in the order of its clock. An exit ends the innermost open span with
 * the same key. What was lost is told with `lose`: then an open enter may belong to an exit that nobody saw.
 */
import { fieldOf, fieldText, type CorrelatedEvent } from './correlated-event.ts';
import { meets } from './condition.ts';
import type { OpenSpans, OpenSpan } from './open-spans.ts';
import type { SpanDefinition } from './parse-span.ts';
import type { Span, SpanSummary } from './span.ts';

export interface SpanCounts {
  spans: number;
  uncertain: number;
  unmatchedExits: number;
  evicted: number;
  open: number;
}

export class SpanMatcher {
  readonly definition: SpanDefinition;
  readonly #counts: SpanCounts = { spans: 0, uncertain: 0, unmatchedExits: 0, evicted: 0, open: 0 };
  readonly #open: OpenSpans;

  constructor(definition: SpanDefinition, open: OpenSpans) {
    this.definition = definition;
    this.#open = open;
  }

  /** The event is one of those that may begin or end it. */
  take(event: CorrelatedEvent, mayEnter: boolean, mayExit: boolean): Span | undefined {
    const { enter, exit, by } = this.definition;
    const enters = mayEnter && meets(event, enter.conditions);
    const exits = mayExit && meets(event, exit.conditions);
    if (!enters && !exits) return undefined;
    const key = keyOf(this.definition, event, by);
    const begun = exits ? this.#open.pop(event.host, key) : undefined;
    if (begun !== undefined) return this.#span(begun, event);
    if (enters) this.#open.push(event, key, this.#counts);
    else this.#counts.unmatchedExits += 1;
    return undefined;
  }

  #span(begun: OpenSpan, exit: CorrelatedEvent): Span {
    const { enter, depth } = begun;
    const uncertain = this.#open.isDoubtful(begun, exit);
    this.#counts.spans += 1;
    if (uncertain) this.#counts.uncertain += 1;
    const durationNs = exit.unixNs - enter.unixNs;
    return { name: this.definition.name, enter, exit, durationNs, depth, uncertain };
  }

  get summary(): SpanSummary {
    const { open, ...counts } = this.#counts;
    return { name: this.definition.name, ...counts, unmatchedEnters: open + counts.evicted };
  }
}

function keyOf({ name }: SpanDefinition, event: CorrelatedEvent, by: readonly string[]): string {
  const [only] = by;
  if (by.length === 1 && only === 'tid') return `${name} ${event.tid}`;
  const values = by.map((field) => fieldText(fieldOf(event, field) ?? ''));
  return `${name} ${JSON.stringify(values)}`;
}

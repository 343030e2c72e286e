/**
 * Spans and joins of one session, or of several that are looked at together. Events come in order of time for each
 * host; what they make comes out with the event that completes it. Memory is bounded, whatever comes.
 */
import type { Schema } from '../schema/schema.ts';
import { automaticSpans } from './automatic-spans.ts';
import type { CorrelatedEvent } from './correlated-event.ts';
import { DefinitionFault } from './definition-fault.ts';
import { JoinMatcher, type JoinSummary, type Pair } from './join-matcher.ts';
import { sidePlaces } from './join-roles.ts';
import { OpenSpans } from './open-spans.ts';
import type { JoinDefinition } from './parse-join.ts';
import type { SpanDefinition } from './parse-span.ts';
import { printingPlaces } from './printing-place.ts';
import type { Span, SpanSummary } from './span.ts';
import { SpanMatcher } from './span-matcher.ts';
import { spanRoles } from './span-roles.ts';

export interface Correlation {
  readonly spans: readonly SpanDefinition[];
  /** Besides, spans of all probe pairs that print at both. */
  readonly automatic: boolean;
  readonly joins: readonly JoinDefinition[];
}

export type Correlated =
  | { readonly kind: 'span'; readonly unixNs: bigint; readonly host: string; readonly span: Span }
  | { readonly kind: 'pair'; readonly unixNs: bigint; readonly pair: Pair };

interface EventRoles {
  readonly spans: readonly {
    readonly matcher: SpanMatcher;
    readonly enter: boolean;
    readonly exit: boolean;
  }[];
  readonly joins: readonly {
    readonly matcher: JoinMatcher;
    readonly left: boolean;
    readonly right: boolean;
  }[];
}

export class Correlator {
  readonly #correlation: Correlation;
  readonly #open: OpenSpans;
  readonly #spans: SpanMatcher[];
  readonly #joins: readonly JoinMatcher[];
  /** By a session's label and schema, by event. */
  readonly #roles = new Map<string, Map<Schema, ReadonlyMap<number, EventRoles>>>();
  readonly #faults = new Map<SpanMatcher | JoinMatcher, string>();

  constructor(
    correlation: Correlation,
    bounds: { readonly open?: number; readonly waiting?: number } = {},
  ) {
    this.#correlation = correlation;
    this.#open = new OpenSpans(bounds.open);
    this.#spans = correlation.spans.map((definition) => new SpanMatcher(definition, this.#open));
    this.#joins = correlation.joins.map(
      (definition) => new JoinMatcher(definition, bounds.waiting),
    );
  }

  /** False for what is no part of anything, and need not be read. */
  wants(schema: Schema, event: number, label = ''): boolean {
    return this.#rolesOf(schema, label).has(event);
  }

  /** @param label of the event's session, where joins call it by one */
  take(event: CorrelatedEvent, schema: Schema, label = ''): readonly Correlated[] {
    const roles = this.#rolesOf(schema, label).get(event.event);
    if (roles === undefined) return [];
    const made: Correlated[] = [];
    for (const { matcher, enter, exit } of roles.spans) {
      const span = matcher.take(event, enter, exit);
      if (span === undefined) continue;
      made.push({ kind: 'span', host: event.host, unixNs: event.unixNs, span });
      this.#joinSpan(span, made);
    }
    for (const { matcher, left, right } of roles.joins)
      note(matcher.take(event, left, right), made);
    return made;
  }

  /** Events of the host may be missing, the last of them at this fleet time. */
  lose(host: string, toNs: bigint): void {
    this.#open.lose(host, toNs);
  }

  get spans(): readonly SpanSummary[] {
    return this.#spans.map((matcher) => this.#withFault(matcher.summary, matcher));
  }

  get joins(): readonly JoinSummary[] {
    return this.#joins.map((matcher) => this.#withFault(matcher.summary, matcher));
  }

  #withFault<Summary>(summary: Summary, matcher: SpanMatcher | JoinMatcher): Summary {
    const fault = this.#faults.get(matcher);
    return fault === undefined ? summary : { ...summary, fault };
  }

  #joinSpan(span: Span, made: Correlated[]): void {
    for (const matcher of this.#joins) {
      const { left, right } = matcher.definition;
      const isLeft = left.label === span.name;
      const isRight = right.label === span.name;
      if (isLeft || isRight) note(matcher.take(joinedSpan(span), isLeft, isRight), made);
    }
  }

  #rolesOf(schema: Schema, label: string): ReadonlyMap<number, EventRoles> {
    const known = this.#roles.get(label)?.get(schema);
    if (known !== undefined) return known;
    const roles = this.#find(schema, label);
    const ofLabel = this.#roles.get(label) ?? new Map<Schema, ReadonlyMap<number, EventRoles>>();
    this.#roles.set(label, ofLabel.set(schema, roles));
    return roles;
  }

  #find(schema: Schema, label: string): ReadonlyMap<number, EventRoles> {
    const places = printingPlaces(schema);
    if (this.#correlation.automatic) this.#addAutomatic(schema);
    const spans = this.#spans.map((matcher) => ({
      matcher,
      roles: this.#unlessFaulty(matcher, () => spanRoles(matcher.definition, schema)),
    }));
    const scope = {
      label: label === '' ? undefined : label,
      spans: this.#spans.map(({ definition }) => definition),
    };
    const joins = this.#joins.map((matcher) => ({
      matcher,
      sides: this.#unlessFaulty(matcher, () => {
        const events = (side: 'left' | 'right'): ReadonlySet<number> => {
          const found = sidePlaces(matcher.definition, matcher.definition[side], places, scope);
          return new Set(found.map(({ event }) => event));
        };
        return { left: events('left'), right: events('right') };
      }),
    }));
    const roles = new Map<number, EventRoles>();
    for (const { event } of places) {
      const ofEvent: EventRoles = {
        spans: spans.flatMap(({ matcher, roles: found }) => {
          const enter = found?.enter.has(event) === true;
          const exit = found?.exit.has(event) === true;
          return enter || exit ? [{ matcher, enter, exit }] : [];
        }),
        joins: joins.flatMap(({ matcher, sides }) => {
          const left = sides?.left.has(event) === true;
          const right = sides?.right.has(event) === true;
          return left || right ? [{ matcher, left, right }] : [];
        }),
      };
      if (ofEvent.spans.length + ofEvent.joins.length > 0) roles.set(event, ofEvent);
    }
    return roles;
  }

  /** Hosts may have probes that others lack. */
  #addAutomatic(schema: Schema): void {
    for (const definition of automaticSpans(printingPlaces(schema))) {
      const { name, enter } = definition;
      const isKnown = this.#spans.some(
        ({ definition: other }) => other.name === name || other.enter.probe === enter.probe,
      );
      if (!isKnown) this.#spans.push(new SpanMatcher(definition, this.#open));
    }
  }

  #unlessFaulty<T>(matcher: SpanMatcher | JoinMatcher, find: () => T): T | undefined {
    try {
      return find();
    } catch (error) {
      if (!(error instanceof DefinitionFault)) throw error;
      this.#faults.set(matcher, error.shown);
      return undefined;
    }
  }
}

function note(pairs: readonly Pair[], made: Correlated[]): void {
  for (const pair of pairs) {
    const { left, right } = pair;
    made.push({
      kind: 'pair',
      unixNs: left.unixNs > right.unixNs ? left.unixNs : right.unixNs,
      pair,
    });
  }
}

/** A span is joined at the time of its enter; it has the fields of both ends, those of the exit before the others. */
function joinedSpan({ enter, exit, durationNs }: Span): CorrelatedEvent {
  return { ...enter, fields: { ...enter.fields, duration: durationNs, ...exit.fields } };
}

/** Events that belong together: spans, threads, pairs across hosts, what was near. */
export { automaticSpans } from './automatic-spans.ts';
export * from './correlated-event.ts';
export * from './correlator.ts';
export { checkJoin } from './join-roles.ts';
export * from './definition-fault.ts';
export * from './frame-correlation.ts';
export * from './host-alignment.ts';
export type { JoinSummary, Pair } from './join-matcher.ts';
export type { Loss } from './loss-watch.ts';
export * from './parse-join.ts';
export * from './parse-span.ts';
export { firstWord, printingPlaces, type PrintingPlace } from './printing-place.ts';
export type { Span, SpanSummary } from './span.ts';
export { checkSpan } from './span-roles.ts';
export * from './thread-gaps.ts';

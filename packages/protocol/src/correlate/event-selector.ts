/** What one side of a join calls its events. */
import type { CorrelatedEvent } from './correlated-event.ts';
import { selection } from './probe-pattern.ts';
import type { SpanDefinition } from './span.ts';

/** A span's name means its enter; else the last part of an attach point, or the first word that is printed. */
export function isCalled(
  name: string,
  { probes, word }: Pick<CorrelatedEvent, 'probes' | 'word'>,
  spans: readonly SpanDefinition[],
): boolean {
  const span = spans.find((definition) => definition.name === name);
  if (span !== undefined) return selection(span.enter, probes) === 'all';
  return word === name || (probes.length > 0 && probes.every((probe) => lastPart(probe) === name));
}

/** What an event may be called by, for messages. */
export function namesOfEvent({
  probes,
  word,
}: Pick<CorrelatedEvent, 'probes' | 'word'>): readonly string[] {
  const parts = new Set(probes.map(lastPart));
  return [...(word === undefined ? [] : [word]), ...(parts.size === 1 ? parts : [])];
}

function lastPart(probe: string): string {
  return probe.slice(probe.lastIndexOf(':') + 1);
}

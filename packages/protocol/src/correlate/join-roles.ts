/** Which events and spans are on which side of a join. */
import { COMMON_FIELDS } from './correlated-event.ts';
import type { JoinDefinition, JoinSide } from './parse-join.ts';
import type { SpanDefinition } from './parse-span.ts';
import { placesAt, requireFields, type PrintingPlace } from './printing-place.ts';
import { DefinitionFault } from './definition-fault.ts';

/** What a side's label can name, besides what one program prints. */
export interface JoinScope {
  /** Of the session whose places are looked at. */
  readonly label: string | undefined;
  readonly spans: readonly SpanDefinition[];
}

/** Fields that a span has besides those of its events. */
export const SPAN_FIELDS: readonly string[] = ['duration'];

/** The events that are on this side; none where the label is that of a span. @throws {DefinitionFault} */
export function sidePlaces(
  { text }: JoinDefinition,
  side: JoinSide,
  places: readonly PrintingPlace[],
  { label, spans }: JoinScope,
): readonly PrintingPlace[] {
  if (side.label === label) {
    // A session prints other things too.
    const has = (place: PrintingPlace, field: string): boolean =>
      COMMON_FIELDS.includes(field) || (place.fields?.includes(field) ?? true);
    return places.filter((place) => side.fields.every((field) => has(place, field)));
  }
  if (spans.some(({ name }) => name === side.label)) return [];
  const named = places.filter(({ word }) => word === side.label);
  const found = named.length > 0 ? named : placesAt(places, probeOf(side), text, '--join');
  requireFields(found, side.fields, side, text, '--join');
  return found;
}

function probeOf({ label, from }: JoinSide): { probe: string; from: number; to: number } {
  return { probe: label, from, to: from + label.length };
}

/** @throws {DefinitionFault} where a side names nothing that there is */
export function checkJoin(
  definition: JoinDefinition,
  sessions: readonly {
    readonly label: string | undefined;
    readonly places: readonly PrintingPlace[];
  }[],
  spans: readonly SpanDefinition[],
): void {
  for (const side of [definition.left, definition.right]) {
    if (spans.some(({ name }) => name === side.label)) continue;
    const found = sessions.flatMap(({ label, places }) =>
      sidePlaces(definition, side, places, { label, spans }),
    );
    if (found.length > 0) continue;
    const isSession = sessions.some(({ label }) => label === side.label);
    throw new DefinitionFault(
      isSession
        ? `nothing that ${side.label} prints has ${side.fields.join(' and ')}`
        : `${side.label} is no session, span, probe or first word of a printf here: ${thereAre(sessions, spans)}`,
      definition.text,
      side.from,
      side.to,
      '--join',
    );
  }
}

function thereAre(
  sessions: readonly {
    readonly label: string | undefined;
    readonly places: readonly PrintingPlace[];
  }[],
  spans: readonly SpanDefinition[],
): string {
  const names = [
    ...sessions.flatMap(({ label }) => label ?? []),
    ...spans.map(({ name }) => name),
    ...sessions.flatMap(({ places }) =>
      places.flatMap(({ word, probes }) => [...(word === undefined ? [] : [word]), ...probes]),
    ),
  ];
  return names.length === 0 ? 'there is nothing' : `there are ${[...new Set(names)].join(', ')}`;
}

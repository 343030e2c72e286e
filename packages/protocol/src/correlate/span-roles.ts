/** Which events of a program begin and end a span. */
import type { Schema } from '../schema/schema.ts';
import type { SpanDefinition, SpanEnd } from './parse-span.ts';
import {
  placesAt,
  printingPlaces,
  requireFields,
  requirePlaces,
  type PrintingPlace,
} from './printing-place.ts';

export interface SpanRoles {
  readonly enter: ReadonlySet<number>;
  readonly exit: ReadonlySet<number>;
}

/** By one host's schema, which may lack what others have. @throws {DefinitionFault} */
export function spanRoles(definition: SpanDefinition, schema: Schema): SpanRoles {
  const places = printingPlaces(schema);
  const events = (end: SpanEnd): ReadonlySet<number> =>
    new Set(endPlaces(definition, end, places).map(({ event }) => event));
  return { enter: events(definition.enter), exit: events(definition.exit) };
}

/** @throws {DefinitionFault} where no host of the program prints both ends */
export function checkSpan(definition: SpanDefinition, places: readonly PrintingPlace[]): void {
  for (const end of [definition.enter, definition.exit]) {
    const found = endPlaces(definition, end, places);
    requirePlaces(found, places, end, definition.text, '--span');
  }
}

function endPlaces(
  { text, by }: SpanDefinition,
  end: SpanEnd,
  places: readonly PrintingPlace[],
): readonly PrintingPlace[] {
  const found = placesAt(places, end, text, '--span');
  const wanted = [...by, ...end.conditions.map(({ field }) => field)];
  requireFields(found, wanted, end, text, '--span');
  return found;
}

/** Where a program prints, and what its events have: as its schemas tell, or before there are any, its text. */
import type { Schema } from '../schema/schema.ts';
import { COMMON_FIELDS, fieldNames } from './correlated-event.ts';
import { DefinitionFault } from './definition-fault.ts';
import { matchProbes } from './probe-pattern.ts';

export interface PrintingPlace {
  /** Place in `Schema.events`. */
  readonly event: number;
  readonly probes: readonly string[];
  /** Undefined where only hosts know them. */
  readonly fields: readonly string[] | undefined;
  /** The first word of what it prints, where that is a name. */
  readonly word: string | undefined;
}

export function printingPlaces({ events }: Schema): readonly PrintingPlace[] {
  return events.flatMap((schema, event) => {
    switch (schema.kind) {
      case 'printf':
      case 'print-value':
      case 'time':
      case 'join': {
        const word = schema.kind === 'printf' ? firstWord(schema.format) : undefined;
        return [{ event, probes: schema.probes ?? [], fields: fieldNames(schema), word }];
      }
      default:
        return [];
    }
  });
}

/** `client` of `client %s:%d\n`. */
export function firstWord(format: string): string | undefined {
  return /^([A-Za-z_][\w-]*)(?=[\s:=,]|$)/.exec(format)?.[1];
}

export interface ProbeInText {
  readonly probe: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Those at which the probe's events are printed.
 *
 * @throws {DefinitionFault} where a block has other attach points besides, so that nobody can tell
 */
export function placesAt(
  places: readonly PrintingPlace[],
  { probe, from, to }: ProbeInText,
  text: string,
  option: string,
): readonly PrintingPlace[] {
  return places.filter(({ probes }) => {
    const match = matchProbes(probe, probes);
    if (match !== 'some') return match === 'all';
    const what =
      probes.length > 1
        ? `one block prints for ${probes.join(', ')}, and only a part of these is meant: give each a block of its own`
        : `a block prints for all of ${probes.join(', ')}: give ${probe} a block of its own, or name all of them`;
    throw new DefinitionFault(what, text, from, to, option);
  });
}

/** @throws {DefinitionFault} where the program prints nothing there */
export function requirePlaces(
  found: readonly PrintingPlace[],
  places: readonly PrintingPlace[],
  { probe, from, to }: ProbeInText,
  text: string,
  option: string,
): void {
  if (found.length > 0) return;
  const probes = [...new Set(places.flatMap((place) => place.probes))];
  const has =
    probes.length > 0
      ? `it prints at ${probes.join(', ')}`
      : places.length > 0
        ? 'it was recorded by a version that did not keep where it prints'
        : 'it prints nothing';
  throw new DefinitionFault(
    `the program prints nothing at ${probe}: ${has}`,
    text,
    from,
    to,
    option,
  );
}

/** @throws {DefinitionFault} where one of them lacks a field */
export function requireFields(
  places: readonly PrintingPlace[],
  wanted: readonly string[],
  { from, to }: Pick<ProbeInText, 'from' | 'to'>,
  text: string,
  option: string,
): void {
  for (const { fields } of places) {
    if (fields === undefined) continue;
    const missing = wanted.find((name) => !fields.includes(name) && !COMMON_FIELDS.includes(name));
    if (missing === undefined) continue;
    const has = fields.length === 0 ? 'it has none of its own' : `it has ${fields.join(', ')}`;
    throw new DefinitionFault(
      `an event here has no field ${missing}: ${has}`,
      text,
      from,
      to,
      option,
    );
  }
}

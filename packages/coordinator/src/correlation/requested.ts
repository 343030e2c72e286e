/** The spans and joins that somebody asks for, read and checked against what the program prints. */
import { canonicalPoint, printingBlocks, type parse } from '@bpfleet/lang';
import {
  automaticSpans,
  checkJoin,
  checkSpan,
  DefinitionFault,
  firstWord,
  parseJoin,
  parseSpan,
  type Correlation,
  type PrintingPlace,
} from '@bpfleet/protocol';

type Program = NonNullable<ReturnType<typeof parse>['program']>;

/** As written; `auto` among the spans stands for all pairs of probes that print at both. */
export interface WrittenCorrelation {
  readonly spans?: readonly string[];
  readonly joins?: readonly string[];
}

/** Undefined where nothing is asked for. @throws {DefinitionFault} */
export function parseCorrelation({
  spans = [],
  joins = [],
}: WrittenCorrelation): Correlation | undefined {
  if (spans.length + joins.length === 0) return undefined;
  const named = spans
    .filter((text) => text !== 'auto')
    .map((text) => parseSpan(text, canonicalPoint));
  const names = new Set<string>();
  for (const { name, text } of named) {
    if (names.has(name))
      throw new DefinitionFault(`two spans are called ${name}`, text, 0, name.length, '--span');
    names.add(name);
  }
  return {
    spans: named,
    automatic: spans.includes('auto'),
    joins: joins.map((text) => parseJoin(text, canonicalPoint)),
  };
}

/** The same for one that was checked before. */
export function correlationOf(written: WrittenCorrelation): Correlation | undefined {
  try {
    return parseCorrelation(written);
  } catch (error) {
    if (error instanceof DefinitionFault) return undefined;
    throw error;
  }
}

/** What is wrong with it, or does not fit this program. */
export function correlationFault(
  written: WrittenCorrelation,
  program: Program,
): string | undefined {
  try {
    const correlation = parseCorrelation(written);
    if (correlation !== undefined) {
      checkAgainst(correlation, [{ label: undefined, places: placesOf(program) }]);
    }
    return undefined;
  } catch (error) {
    if (error instanceof DefinitionFault) return error.shown;
    throw error;
  }
}

export function checkAgainst(
  { spans, automatic, joins }: Correlation,
  sessions: readonly {
    readonly label: string | undefined;
    readonly places: readonly PrintingPlace[];
  }[],
): void {
  const places = sessions.flatMap((session) => session.places);
  for (const span of spans) checkSpan(span, places);
  const all = automatic ? [...spans, ...automaticSpans(places)] : spans;
  for (const join of joins) checkJoin(join, sessions, all);
}

/** What only hosts know of it, the columns of its arguments, is checked when they have told. */
function placesOf(program: Program): readonly PrintingPlace[] {
  return printingBlocks(program).flatMap(({ probes, formats }) => {
    const place = { event: -1, probes, fields: undefined };
    return [undefined, ...formats].map((format) => ({
      ...place,
      word: format === undefined ? undefined : firstWord(format),
    }));
  });
}

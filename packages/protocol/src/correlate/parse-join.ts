/** `client.key = server.key within 5ms`: which events of two sides belong together. */
import { DefinitionReader, type Word } from './definition-reader.ts';

export interface JoinSide {
  /** A session's label, a span, the first word of a printf, or a probe. */
  readonly label: string;
  readonly fields: readonly string[];
  readonly from: number;
  readonly to: number;
}

export interface JoinDefinition {
  readonly left: JoinSide;
  readonly right: JoinSide;
  readonly withinNs: bigint;
  /** As written. */
  readonly text: string;
}

const SHAPE =
  "such as 'client.key = server.key within 5ms' or 'a.(src,port) = b.(src,port) within 1s'";
const UNITS_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
};
const MAX_WITHIN_NS = 3_600_000_000_000;

/**
 * @param canonical gives attach points their providers' full names
 * @throws {DefinitionFault}
 */
export function parseJoin(
  text: string,
  canonical: (probe: string) => string = (probe) => probe,
): JoinDefinition {
  const reader = new DefinitionReader(spaced(text), '--join');
  const left = sideOf(reader, reader.word(), canonical);
  const equals = reader.word();
  if (equals.text !== '=' && equals.text !== '==')
    throw reader.fault(`expected =, ${SHAPE}`, equals);
  const word = reader.word();
  const right = sideOf(reader, word, canonical);
  if (left.fields.length !== right.fields.length) {
    throw reader.fault(
      `${left.fields.length} fields on the left, ${right.fields.length} here`,
      word,
    );
  }
  const within = reader.word();
  if (within.text !== 'within') throw reader.fault(`expected within, ${SHAPE}`, within);
  const duration = reader.word();
  const withinNs = durationNs(duration.text);
  if (withinNs === undefined) {
    throw reader.fault('not a time up to 1 hour: 500us, 5ms, 2s', duration);
  }
  const rest = reader.word();
  if (rest.text !== '') throw reader.fault('expected nothing more', rest);
  return { left, right, withinNs, text };
}

/** An equals sign needs no spaces. Of the same length where it has them, so that marks stand right. */
function spaced(text: string): string {
  return /\s==?\s/.test(text) ? text : text.replace(/==?/, ' = ');
}

function sideOf(
  reader: DefinitionReader,
  { text, from, to }: Word,
  canonical: (probe: string) => string,
): JoinSide {
  const found = /^(.+)\.(?:([A-Za-z_]\w*)|\(([^()]*)\))$/.exec(text);
  const [, label = '', one, several = ''] = found ?? [];
  const fields = one === undefined ? several.split(',').map((field) => field.trim()) : [one];
  if (found === null || !fields.every((field) => /^[A-Za-z_]\w*$/.test(field))) {
    throw reader.fault(`a side names events and a field of theirs, ${SHAPE}`, { from, to });
  }
  return { label: label.includes(':') ? canonical(label) : label, fields, from, to };
}

function durationNs(text: string): bigint | undefined {
  const [, count, unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)(ns|us|ms|s|m)$/.exec(text) ?? [];
  const ns = Math.round(Number(count) * (UNITS_NS[unit] ?? Number.NaN));
  return ns >= 0 && ns <= MAX_WITHIN_NS ? BigInt(ns) : undefined;
}

/** `read: enter=PROBE[/fd=3/] exit=PROBE by tid`: which two events make a span. */
import { parseConditions, type Condition } from './condition.ts';
import { DefinitionReader, type Word } from './definition-reader.ts';

export interface SpanEnd {
  /** Attach point or wildcard, its provider by its full name. */
  readonly probe: string;
  readonly conditions: readonly Condition[];
  /** Where the probe stands in the text. */
  readonly from: number;
  readonly to: number;
}

export interface SpanDefinition {
  readonly name: string;
  readonly enter: SpanEnd;
  readonly exit: SpanEnd;
  /** What is equal in both: fields, `pid`, `tid`. */
  readonly by: readonly string[];
  /** As written. */
  readonly text: string;
}

const SHAPE = "such as 'read: enter=PROBE exit=PROBE by tid'";

/**
 * @param canonical gives attach points their providers' full names
 * @throws {DefinitionFault}
 */
export function parseSpan(
  text: string,
  canonical: (probe: string) => string = (probe) => probe,
): SpanDefinition {
  const reader = new DefinitionReader(text, '--span');
  const head = reader.word();
  const name = /^([A-Za-z_][\w-]{0,63}):$/.exec(head.text)?.[1];
  if (name === undefined) throw reader.fault(`a span begins with its name, ${SHAPE}`, head);
  let enter: SpanEnd | undefined;
  let exit: SpanEnd | undefined;
  let by: readonly string[] = ['tid'];
  for (let word = reader.word(); word.text !== ''; word = reader.word()) {
    const [, side] = /^(enter|exit)=/.exec(word.text) ?? [];
    if (side === 'enter') enter = endOf(reader, word, 'enter', enter, canonical);
    else if (side === 'exit') exit = endOf(reader, word, 'exit', exit, canonical);
    else if (word.text === 'by') by = keyOf(reader, reader.word());
    else throw reader.fault(`expected enter=, exit= or by, ${SHAPE}`, word);
  }
  const end = { from: text.length, to: text.length + 1 };
  if (enter === undefined) throw reader.fault(`no enter=, ${SHAPE}`, end);
  if (exit === undefined) throw reader.fault(`no exit=, ${SHAPE}`, end);
  return { name, enter, exit, by, text };
}

function endOf(
  reader: DefinitionReader,
  word: Word,
  side: string,
  before: SpanEnd | undefined,
  canonical: (probe: string) => string,
): SpanEnd {
  if (before !== undefined) throw reader.fault(`${side}= is given twice`, word);
  const start = word.from + side.length + 1;
  const text = word.text.slice(side.length + 1);
  // A path has slashes too: a condition is what stands between the last two and compares something.
  const [, probe = text, condition] = /^(.*?)\/([^/]*[!=][^/]*)\/$/.exec(text) ?? [];
  const conditions = condition === undefined ? [] : parseConditions(condition);
  if (conditions === undefined) {
    const from = start + probe.length;
    throw reader.fault('a condition compares a field, such as /fd=3/ or /comm!="a b"/', {
      from,
      to: word.to,
    });
  }
  if (!/^[^:\s]+(:\S+)?$/.test(probe)) {
    throw reader.fault('not an attach point', {
      from: probe === '' ? word.from : start,
      to: word.to,
    });
  }
  return { probe: canonical(probe), conditions, from: start, to: start + probe.length };
}

function keyOf(reader: DefinitionReader, word: Word): readonly string[] {
  const names = word.text.replace(/^\((.*)\)$/, '$1').split(',');
  for (const name of names) {
    if (!/^\s*[A-Za-z_]\w*\s*$/.test(name)) {
      throw reader.fault('by what? tid, pid, or fields of both events, such as by pid,fd', word);
    }
  }
  return names.map((name) => name.trim());
}

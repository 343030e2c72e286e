/** `read: enter=tracepoint:syscalls:sys_enter_read exit=tracepoint:syscalls:sys_exit_read by tid` */
import { DefinitionError } from './definition-error.ts';
import type { SpanDefinition } from './span.ts';

const OPTION = '--span';
const USAGE = "a span is written 'name: enter=PROBE exit=PROBE by tid'";

/**
 * @param canonical gives an attach point its provider's full name
 * @throws {DefinitionError}
 */
export function parseSpan(
  text: string,
  canonical: (probe: string) => string = (probe) => probe,
): SpanDefinition {
  const fail = (at: number, message: string): never => {
    throw new DefinitionError(OPTION, text, at, message);
  };
  const head = /^\s*([A-Za-z_][\w.-]*)\s*:(?=\s|$)/.exec(text);
  if (head?.[1] === undefined) return fail(0, `it begins with a name and a colon: ${USAGE}`);
  const words = [...text.slice(head[0].length).matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    at: head[0].length + match.index,
  }));
  const ends: { enter?: string; exit?: string } = {};
  let by: readonly string[] = ['tid'];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? { text: '', at: text.length };
    const end = /^(enter|exit)=(.*)$/s.exec(word.text);
    if (end?.[1] !== undefined) {
      const side = end[1] as 'enter' | 'exit';
      if (ends[side] !== undefined) return fail(word.at, `${side} is given twice`);
      if (end[2] === '') return fail(word.at + side.length + 1, `${side} needs an attach point`);
      ends[side] = canonical(end[2] ?? '');
    } else if (word.text === 'by') {
      const rest = words.slice(index + 1);
      const keys = rest.map((key) => key.text).join(' ');
      by = keys.split(/[\s,]+/).filter((key) => key !== '');
      const odd = rest.find((key) => !/^[A-Za-z_]\w*(,[A-Za-z_]\w*)*,?$/.test(key.text));
      if (by.length === 0) return fail(text.length, 'by needs tid, pid, or names of fields');
      if (odd !== undefined)
        return fail(odd.at, 'not a name: by takes tid, pid, or names of fields');
      break;
    } else {
      return fail(word.at, `unknown word ${word.text}: ${USAGE}`);
    }
  }
  const { enter, exit } = ends;
  if (enter === undefined) return fail(text.length, `enter= is missing: ${USAGE}`);
  if (exit === undefined) return fail(text.length, `exit= is missing: ${USAGE}`);
  return { name: head[1], enter, exit, by };
}

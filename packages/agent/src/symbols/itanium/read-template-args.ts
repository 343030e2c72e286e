/** Arguments of templates in mangled names. */
import { isPack, listed, type Value } from './declarator.ts';
import { MangledError, type MangledText } from './mangled-text.ts';

/** With their brackets. @param named whether `T_` after them stands for these */
export function readTemplateArgs(text: MangledText, named: boolean): Value {
  text.expect('I');
  const args: Value[] = [];
  if (named) text.templateArgs = args;
  while (!text.take('E')) args.push(readArg(text));
  const last = args.at(-1);
  // c++filt has no blank between two brackets where nothing is left of the last argument.
  const endsInNothing =
    args.length > 1 && last !== undefined && isPack(last) && last.elements.length === 0;
  return text.bounded(listed(args, endsInNothing ? (list) => `<${list}>` : bracketed));
}

function bracketed(list: string): string {
  return list.endsWith('>') ? `<${list} >` : `<${list}>`;
}

function readArg(text: MangledText): Value {
  return text.nested(() => {
    if (text.take('J')) return readPack(text);
    if (text.take('X')) {
      const expression = text.grammar.expression(text);
      text.expect('E');
      return expression;
    }
    if (text.peek() === 'L') return text.grammar.literal(text);
    if (/^T[nypt]$/.test(text.pair())) throw new MangledError('constrained template');
    return text.grammar.type(text);
  });
}

function readPack(text: MangledText): Value {
  const elements: Value[] = [];
  while (!text.take('E')) elements.push(readArg(text));
  const flat = elements.flatMap((one) => (isPack(one) ? one.elements : [one]));
  return { elements: flat, expanded: true };
}

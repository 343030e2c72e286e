/** Types in mangled names. */
import {
  arrayOf,
  isPack,
  lift,
  listed,
  memberPointer,
  plain,
  pointer,
  qualified,
  reference,
  textOf,
  type Value,
} from './declarator.ts';
import { MangledError, type MangledText } from './mangled-text.ts';
import { readTemplateArgs } from './read-template-args.ts';
import { BUILTIN_TYPES, LIBRARY_NAMES } from './words.ts';

export function readType(text: MangledText): Value {
  return text.nested(() => read(text));
}

function read(text: MangledText): Value {
  const builtin = BUILTIN_TYPES.get(text.peek()) ?? BUILTIN_TYPES.get(text.pair());
  if (builtin !== undefined) {
    text.at += BUILTIN_TYPES.has(text.peek()) ? 1 : 2;
    return plain(builtin);
  }
  if (text.peek() === 'S' && text.peek(1) !== 't') {
    const found = readSubstitution(text);
    return text.peek() === 'I' ? text.remember(withArgs(text, found)) : found;
  }
  if (text.startsWith('T') && !/^T[sue]/.test(text.pair())) {
    const index = templateParamIndex(text);
    const param = text.remember(templateArg(text, index), index);
    const isTemplate = text.peek() === 'I' && text.forward !== 'later';
    return isTemplate ? text.remember(withArgs(text, param)) : param;
  }
  if (text.take('Dp')) {
    const pattern = readType(text);
    return text.remember(isPack(pattern) ? { ...pattern, expanded: true } : pattern);
  }
  return text.remember(readComposed(text));
}

function readComposed(text: MangledText): Value {
  const qualifiers = readQualifiers(text);
  if (isFunction(text)) return readFunctionType(text, qualifiers);
  if (qualifiers !== '') {
    return qualifiers.split(' ').slice(1).reduce(qualified, readType(text));
  }
  if (text.take('P')) return pointer(readType(text), '*');
  if (text.take('R')) return reference(readType(text), '&');
  if (text.take('O')) return reference(readType(text), '&&');
  if (text.take('C')) return qualified(readType(text), '_Complex');
  if (text.take('G')) return qualified(readType(text), '_Imaginary');
  if (text.take('A')) return readArray(text);
  if (text.take('M')) {
    const owner = readType(text);
    return memberPointer(owner, readType(text));
  }
  if (text.take('U')) {
    const word = text.identifier();
    const args = text.peek() === 'I' ? readTemplateArgs(text, false) : plain('');
    const type = readType(text);
    return lift([type, args], (of = plain(''), more = plain('')) => ({
      ...of,
      left: `${of.left} ${word}${textOf(more)}`,
    }));
  }
  if (text.take('u')) return plain(text.identifier());
  if (text.take('Dv')) return readVector(text);
  if (text.take('DF')) return readFloat(text);
  if (text.take('DB') || text.take('DU')) {
    const size = text.digits();
    text.expect('_');
    return plain(`_BitInt(${size})`);
  }
  if (/^D[tT]$/.test(text.pair())) return readDecltype(text);
  if (/^T[sue]$/.test(text.pair())) text.at += 2;
  return text.grammar.name(text, false).value;
}

/** Words in the order they are written in, each with a space before it. */
export function readQualifiers(text: MangledText): string {
  const volatile = (text.take('r') ? ' restrict' : '') + (text.take('V') ? ' volatile' : '');
  return (text.take('K') ? ' const' : '') + volatile;
}

function isFunction(text: MangledText): boolean {
  return text.peek() === 'F' || /^D[oOwx]$/.test(text.pair());
}

function readFunctionType(text: MangledText, qualifiers: string): Value {
  let after = qualifiers;
  if (text.take('Do')) after += ' noexcept';
  text.take('Dx');
  text.expect('F');
  text.take('Y');
  const result = readType(text);
  const params = readParameters(text, () => text.peek() === 'E' || /^[RO]E$/.test(text.pair()));
  if (text.take('R')) after += ' &';
  if (text.take('O')) after += ' &&';
  text.expect('E');
  return lift([result, params], (of = plain(''), list = plain('')) => ({
    left: `${of.left} `,
    right: `${textOf(list)}${after}${of.right}`,
    shape: 'function',
  }));
}

/** With their parentheses. */
export function readParameters(text: MangledText, ended: () => boolean): Value {
  const params: Value[] = [];
  if (text.peek() === 'v') text.at++;
  else while (!ended()) params.push(readType(text));
  return text.bounded(listed(params, (list) => `(${list})`));
}

function readArray(text: MangledText): Value {
  const size = /^\d/.test(text.peek())
    ? plain(text.digits())
    : text.peek() === '_'
      ? plain('')
      : text.grammar.expression(text);
  text.expect('_');
  return arrayOf(size, readType(text));
}

function readVector(text: MangledText): Value {
  const size = text.take('_') ? text.grammar.expression(text) : plain(text.digits());
  text.expect('_');
  const element = text.take('p') ? plain('pixel') : readType(text);
  return lift([element, size], (of = plain(''), count = plain('')) =>
    plain(`${textOf(of)} __vector(${textOf(count)})`),
  );
}

function readFloat(text: MangledText): Value {
  const bits = text.digits();
  if (text.take('b')) return plain(`std::bfloat${bits}_t`);
  const extended = text.take('x') ? 'x' : '';
  text.take('_');
  return plain(`_Float${bits}${extended}`);
}

export function readDecltype(text: MangledText): Value {
  text.at += 2;
  const of = text.grammar.expression(text);
  text.expect('E');
  return lift([of], (expression) => plain(`decltype (${textOf(expression)})`));
}

/** Of a template with its arguments. */
export function withArgs(text: MangledText, template: Value): Value {
  const args = readTemplateArgs(text, false);
  return lift([template, args], (name = plain(''), list = plain('')) =>
    plain(textOf(name) + textOf(list)),
  );
}

export function readSubstitution(text: MangledText): Value {
  text.expect('S');
  const library = LIBRARY_NAMES.get(text.peek());
  if (library !== undefined) {
    text.at++;
    const full = /^[CD]\d$/.test(text.pair()) ? library.full : library.short;
    return plain(full + readAbiTags(text));
  }
  const { value, param } = text.substitution(text.sequence(36));
  return param !== undefined && param < text.templateArgs.length ? templateArg(text, param) : value;
}

export function readAbiTags(text: MangledText): string {
  let tags = '';
  while (text.take('B')) tags += `[abi:${text.identifier()}]`;
  return tags;
}

export function readTemplateParam(text: MangledText): Value {
  return templateArg(text, templateParamIndex(text));
}

function templateParamIndex(text: MangledText): number {
  text.expect('T');
  if (text.take('L')) text.sequence(10);
  return text.sequence(10);
}

function templateArg(text: MangledText, index: number): Value {
  if (text.forward === 'auto') return plain(`auto:${index + 1}`);
  if (text.forward === 'later') return plain(laterMark(index));
  const found = text.templateArgs[index];
  if (found === undefined) throw new MangledError('no such template argument');
  return isPack(found) ? { ...found, expanded: false } : found;
}

/** Stands for an argument until it is read. */
export function laterMark(index: number): string {
  return `\u0001${index}\u0001`;
}

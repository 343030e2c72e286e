/** Names of functions, variables and types in mangled names. */
import { isPack, lift, plain, textOf, type Value } from './declarator.ts';
import { MangledError, type MangledText, type Name } from './mangled-text.ts';
import { readTemplateArgs } from './read-template-args.ts';
import {
  readAbiTags,
  readDecltype,
  readParameters,
  readQualifiers,
  readSubstitution,
  readTemplateParam,
  readType,
} from './read-type.ts';
import { OPERATORS } from './words.ts';

/** @param named whether this is what the whole name is about, so that `T_` after it stands for its arguments */
export function readName(text: MangledText, named: boolean): Name {
  return text.nested(() => {
    if (text.take('N')) return readNested(text, named);
    if (text.take('Z')) return readLocal(text, named);
    const start = text.at;
    const substituted = text.peek() === 'S' && text.peek(1) !== 't';
    const name = substituted ? readSubstitution(text) : readUnscoped(text);
    if (text.peek() !== 'I') return { value: name, hasResult: false, qualifiers: '' };
    if (!substituted) text.remember(name);
    const value = joined(name, readTemplateArgs(text, named));
    return { value, hasResult: !text.rest.startsWith('cv', start - text.at), qualifiers: '' };
  });
}

function readUnscoped(text: MangledText): Value {
  const inStd = text.take('St');
  const name = readUnqualified(text, '');
  return inStd ? under(plain('std'), name) : name;
}

function readNested(text: MangledText, named: boolean): Name {
  let qualifiers = readQualifiers(text);
  if (text.take('R')) qualifiers += ' &';
  else if (text.take('O')) qualifiers += ' &&';
  let value: Value | undefined;
  let hasResult = false;
  let hasNoResult = false;
  while (!text.take('E')) {
    const known = text.peek() === 'S' && text.peek(1) !== 't';
    if (text.take('M')) continue;
    if (text.peek() === 'I') {
      if (value === undefined) throw new MangledError('arguments of nothing');
      value = joined(value, readTemplateArgs(text, named));
      hasResult = !hasNoResult;
    } else {
      hasNoResult = /^([CD]\d|CI|cv)/.test(text.pair());
      hasResult = false;
      if (text.take('St')) {
        value = plain('std');
        continue;
      }
      value = readPart(text, value);
    }
    if (text.peek() !== 'E' && !known) text.remember(value);
  }
  if (value === undefined) throw new MangledError('empty name');
  return { value, hasResult, qualifiers };
}

function readPart(text: MangledText, before: Value | undefined): Value {
  if (before === undefined) {
    if (text.peek() === 'S') return readSubstitution(text);
    if (text.peek() === 'T') return readTemplateParam(text);
    if (/^D[tT]$/.test(text.pair())) return readDecltype(text);
  }
  const owner = before === undefined || isPack(before) ? '' : textOf(before);
  const name = readUnqualified(text, owner);
  return before === undefined ? name : under(before, name);
}

function readLocal(text: MangledText, named: boolean): Name {
  const outer = text.grammar.encoding(text, 'local');
  text.expect('E');
  if (text.take('s')) {
    readDiscriminator(text);
    return { value: under(outer, plain('string literal')), hasResult: false, qualifiers: '' };
  }
  let place: Value = outer;
  if (text.take('d')) {
    place = under(outer, plain(`{default arg#${text.sequence(10) + 1}}`));
  }
  const inner = readName(text, named);
  readDiscriminator(text);
  return { ...inner, value: under(place, inner.value) };
}

function readDiscriminator(text: MangledText): void {
  if (text.take('__')) {
    text.digits();
    text.expect('_');
  } else if (/^_\d$/.test(text.pair())) text.at += 2;
}

/** @param owner what constructors are named by */
export function readUnqualified(text: MangledText, owner: string): Value {
  text.take('L');
  const name = readUntagged(text, owner);
  const tags = readAbiTags(text);
  return tags === '' ? name : joined(name, plain(tags));
}

function readUntagged(text: MangledText, owner: string): Value {
  if (/^\d$/.test(text.peek())) return plain(text.identifier());
  if (text.take('DC')) {
    const parts: string[] = [];
    while (!text.take('E')) parts.push(text.identifier());
    return plain(`[${parts.join(', ')}]`);
  }
  if (text.take('CI')) {
    text.at++;
    readType(text);
    return plain(lastPart(owner));
  }
  if (/^[CD]\d$/.test(text.pair())) {
    const destroys = text.peek() === 'D';
    text.at += 2;
    return plain((destroys ? '~' : '') + lastPart(owner));
  }
  if (text.take('Ut')) return plain(`{unnamed type#${text.sequence(10) + 1}}`);
  if (text.take('Ul')) return readLambda(text);
  return readOperatorName(text);
}

function readLambda(text: MangledText): Value {
  const { forward } = text;
  text.forward = 'auto';
  const params = readParameters(text, () => text.peek() === 'E');
  text.forward = forward;
  text.expect('E');
  const index = text.sequence(10) + 1;
  return lift([params], (list) => plain(`{lambda${textOf(list)}#${index}}`));
}

export function readOperatorName(text: MangledText): Value {
  if (text.take('cv')) {
    const { forward } = text;
    if (forward === 'refuse') text.forward = 'later';
    const type = readType(text);
    text.forward = forward;
    return lift([type], (of) => plain(`operator ${textOf(of)}`));
  }
  if (text.take('li')) return plain(`operator"" ${text.identifier()}`);
  const operator = OPERATORS.get(text.pair());
  if (operator === undefined) throw new MangledError('unknown operator');
  text.at += 2;
  return plain(`operator${/^[a-z]/.test(operator.text) ? ' ' : ''}${operator.text}`);
}

export function under(outer: Value, inner: Value): Value {
  return lift([outer, inner], (one = plain(''), other = plain('')) =>
    plain(`${textOf(one)}::${textOf(other)}`),
  );
}

/** A name with its arguments; a space keeps operators apart from the bracket. */
function joined(name: Value, args: Value): Value {
  return lift([name, args], (one = plain(''), list = plain('')) => {
    const front = textOf(one);
    const back = textOf(list);
    return plain(front.endsWith('<') && back.startsWith('<') ? `${front} ${back}` : front + back);
  });
}

/** The last name in a qualified one, without arguments and tags. */
function lastPart(qualified: string): string {
  const name = qualified.replace(/\[abi:[^\]]*\]/g, '');
  let depth = 0;
  let end = name.length;
  for (let at = name.length - 1; at >= 0; at--) {
    const char = name[at];
    if (char === '>' || char === ')' || char === '}') depth++;
    else if (char === '<' || char === '(' || char === '{') {
      depth--;
      if (depth === 0 && char === '<') end = at;
    } else if (depth === 0 && char === ':') return name.slice(at + 1, end);
  }
  return name.slice(0, end);
}

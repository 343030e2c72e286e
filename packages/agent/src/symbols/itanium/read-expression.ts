/** Expressions in mangled names: arguments of templates, and types that depend on them. */
import { isPack, lift, listed, plain, textOf, type Declarator, type Value } from './declarator.ts';
import { MangledError, type MangledText } from './mangled-text.ts';
import { readEncoding } from './read-encoding.ts';
import { readOperatorName, readUnqualified, under } from './read-name.ts';
import { readTemplateArgs } from './read-template-args.ts';
import { readSubstitution, readTemplateParam, readType, withArgs } from './read-type.ts';
import { LITERAL_SUFFIXES, OPERATORS, type Operator } from './words.ts';

export function readExpression(text: MangledText): Value {
  return text.nested(() => text.bounded(read(text)));
}

function read(text: MangledText): Value {
  if (text.peek() === 'L') return readLiteral(text);
  if (text.peek() === 'T') return readTemplateParam(text);
  if (/^f[pL]$/.test(text.pair())) return readParameter(text);
  if (text.take('sr')) return readScoped(text);
  if (/^(on|gs)$/.test(text.pair()) || /^\d$/.test(text.peek())) return readUnresolved(text);
  if (text.take('sp')) {
    const pattern = readExpression(text);
    return isPack(pattern) ? { ...pattern, expanded: true } : pattern;
  }
  if (text.take('sZ')) {
    const pack = text.peek() === 'T' ? readTemplateParam(text) : readParameter(text);
    return plain(String(isPack(pack) ? pack.elements.length : 1));
  }
  if (text.take('st')) return around('sizeof (', readType(text), ')');
  if (text.take('sz')) return around('sizeof (', readExpression(text), ')');
  if (text.take('at')) return around('alignof (', readType(text), ')');
  if (text.take('az')) return around('alignof (', readExpression(text), ')');
  if (text.take('nx')) return around('noexcept (', readExpression(text), ')');
  if (text.take('tw')) return around('throw ', readExpression(text), '');
  if (text.take('tr')) return plain('throw');
  if (text.take('il')) return listed(untilEnd(text), (list) => `{${list}}`);
  if (text.take('tl')) {
    const type = readType(text);
    const values = listed(untilEnd(text), (list) => `{${list}}`);
    return pair(type, values, (one, other) => one + other);
  }
  if (text.take('cl')) {
    const called = readExpression(text);
    const args = listed(untilEnd(text), (list) => `(${list})`);
    return compound(
      lift([called, args], (f = plain(''), list = plain('')) => {
        return plain(operand(f) + textOf(list));
      }),
    );
  }
  if (text.take('cv')) return readConversion(text);
  const cast = CASTS.get(text.pair());
  if (cast !== undefined) {
    text.at += 2;
    const type = readType(text);
    return pair(type, readExpression(text), (to, of) => `${cast}<${to}>(${of})`);
  }
  return readOperation(text);
}

const CASTS: ReadonlyMap<string, string> = new Map([
  ['dc', 'dynamic_cast'],
  ['sc', 'static_cast'],
  ['cc', 'const_cast'],
  ['rc', 'reinterpret_cast'],
]);

/** `L type value E`, or the address of something by its own mangled name. */
export function readLiteral(text: MangledText): Value {
  text.expect('L');
  if (text.take('_Z') || text.take('Z')) {
    const named = readEncoding(text, 'address');
    text.expect('E');
    return named;
  }
  const type = readType(text);
  const written = text.untilEnd().replace(/^n/, '-');
  return lift([type], (of) => {
    const name = textOf(of);
    if (name === 'bool' && /^[01]$/.test(written)) return plain(written === '1' ? 'true' : 'false');
    const suffix = LITERAL_SUFFIXES.get(name);
    const value = suffix === undefined ? `(${name})${written}` : `${written}${suffix}`;
    return { ...plain(value), compound: true };
  });
}

function readParameter(text: MangledText): Value {
  if (text.take('fpT')) return plain('this');
  if (text.take('fL')) {
    text.digits();
    text.expect('p');
  } else text.expect('fp');
  while (/^[rVK]$/.test(text.peek())) text.at++;
  return plain(`{parm#${text.sequence(10) + 1}}`);
}

/** `sr type name`, and names in several scopes. */
function readScoped(text: MangledText): Value {
  let scope: Value;
  if (text.take('N')) {
    scope = readType(text);
    while (!text.take('E')) scope = under(scope, readSimpleName(text));
  } else if (/^\d$/.test(text.peek())) {
    scope = readSimpleName(text);
    while (!text.take('E')) scope = under(scope, readSimpleName(text));
  } else scope = readScopeType(text);
  return under(scope, readSimpleName(text));
}

function readScopeType(text: MangledText): Value {
  if (text.peek() !== 'S' || text.peek(1) === 't') return readType(text);
  const found = readSubstitution(text);
  return text.peek() === 'I' ? text.remember(withArgs(text, found)) : found;
}

function readUnresolved(text: MangledText): Value {
  const global = text.take('gs');
  if (global && !/^(on|sr|\d)/.test(text.pair())) return readExpression(text);
  const name = text.take('sr') ? readScoped(text) : readSimpleName(text);
  return global ? around('::', name, '') : name;
}

function readSimpleName(text: MangledText): Value {
  const name = text.take('on') ? readOperatorName(text) : readUnqualified(text, '');
  if (text.peek() !== 'I') return name;
  return pair(name, readTemplateArgs(text, false), (one, args) => one + args);
}

function readConversion(text: MangledText): Value {
  const type = readType(text);
  const of = text.take('_') ? listed(untilEnd(text), (list) => list) : readExpression(text);
  return compound(pair(type, of, (to, value) => `(${to})(${value})`));
}

function readOperation(text: MangledText): Value {
  const code = text.pair();
  const operator = OPERATORS.get(code);
  if (operator === undefined || /^(nw|na|dl|da)$/.test(code)) {
    throw new MangledError('unknown expression');
  }
  text.at += 2;
  const postfix = (code === 'pp' || code === 'mm') && !text.take('_');
  const operands: Value[] = [];
  for (let left = operator.operands; left > 0; left--) {
    const isMember = (code === 'dt' || code === 'pt') && left === 1;
    operands.push(isMember ? readUnresolved(text) : readExpression(text));
  }
  return lift(operands, (...parts) => ({
    ...plain(operation(code, operator, parts, postfix)),
    compound: true,
  }));
}

function operation(
  code: string,
  { text: sign }: Operator,
  [first = plain(''), second = plain(''), third = plain('')]: readonly Declarator[],
  postfix: boolean,
): string {
  switch (code) {
    case 'dt':
    case 'pt':
      return operand(first) + sign + textOf(second);
    case 'ix':
      return `${operand(first)}[${textOf(second)}]`;
    case 'qu':
      return `${operand(first)}?${operand(second)} : ${operand(third)}`;
    case 'gt':
      return `(${operand(first)}>${operand(second)})`;
    default:
  }
  const unary = OPERATORS.get(code)?.operands === 1;
  if (!unary) return operand(first) + sign + operand(second);
  return postfix ? operand(first) + sign : sign + operand(first);
}

function operand(of: Declarator): string {
  return of.compound === true ? `(${textOf(of)})` : textOf(of);
}

function untilEnd(text: MangledText): readonly Value[] {
  const values: Value[] = [];
  while (!text.take('E')) values.push(readExpression(text));
  return values;
}

function pair(one: Value, other: Value, make: (one: string, other: string) => string): Value {
  return lift([one, other], (first = plain(''), second = plain('')) =>
    plain(make(textOf(first), textOf(second))),
  );
}

function around(before: string, of: Value, after: string): Value {
  return compound(lift([of], (value) => plain(before + textOf(value) + after)));
}

function compound(value: Value): Value {
  return lift([value], (of) => ({ ...of, compound: true }));
}

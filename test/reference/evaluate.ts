/** The reference interpreter: what a pure expression gives, evaluated over the syntax tree with exact values. */
import type { Block, Call, Cast, Expression, If } from '../../packages/lang/src/syntax/ast.ts';
import { arithmetic, compare, promoted, unary } from './operators.ts';
import {
  arrayOf,
  asInteger,
  boolean,
  integer,
  isTrue,
  literal,
  type RefInteger,
  type RefValue,
} from './value.ts';

export type Variables = ReadonlyMap<string, RefValue>;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

export function evaluate(node: Expression, variables: Variables): RefValue {
  const of = (operand: Expression): RefValue => evaluate(operand, variables);
  switch (node.kind) {
    case 'integer':
      return literal(node.value);
    case 'boolean':
      return boolean(node.value);
    case 'string':
      return { kind: 'string', value: node.value };
    case 'variable':
      return known(variables.get(node.name), `$${node.name}`);
    case 'unary':
      return unary(node.operator, of(node.operand));
    case 'binary':
      if (node.operator === '&&') return boolean(isTrue(of(node.left)) && isTrue(of(node.right)));
      if (node.operator === '||') return boolean(isTrue(of(node.left)) || isTrue(of(node.right)));
      if (COMPARISONS.has(node.operator)) {
        return compare(node.operator, of(node.left), of(node.right));
      }
      return arithmetic(node.operator, asInteger(of(node.left)), asInteger(of(node.right)));
    case 'ternary':
      return choose(of(node.condition), of(node.then ?? node.condition), of(node.otherwise));
    case 'if':
      return evaluateIf(node, variables);
    case 'block-expression':
      return evaluateBlock(node.block, variables);
    case 'cast':
      return cast(node, of(node.operand));
    case 'tuple':
      return {
        kind: 'tuple',
        names: node.elements.map((_, index) => `${index}`),
        elements: node.elements.map(of),
      };
    case 'record':
      return {
        kind: 'tuple',
        names: node.fields.map(({ name }) => name),
        elements: node.fields.map(({ value }) => of(value)),
      };
    case 'tuple-access':
      return member(of(node.object), `${node.index}`);
    case 'index':
      return element(of(node.object), asInteger(of(node.index)));
    case 'field':
      return member(of(node.object), node.field);
    case 'call':
      return call(node, of);
    default:
      throw new Error(`no pure expression: ${node.kind}`);
  }
}

function evaluateIf({ condition, then, otherwise }: If, variables: Variables): RefValue {
  const left = evaluateBlock(then, variables);
  if (otherwise === undefined) throw new Error('an if without else has no value');
  const right =
    otherwise.kind === 'if'
      ? evaluateIf(otherwise, variables)
      : evaluateBlock(otherwise, variables);
  return choose(evaluate(condition, variables), left, right);
}

/** Declarations and assignments of variables are all that a pure block holds. */
function evaluateBlock(block: Block, outer: Variables): RefValue {
  const variables = new Map(outer);
  for (const statement of block.statements) {
    const assigns = statement.kind === 'assignment' && statement.target.kind === 'variable';
    if (statement.kind !== 'let' && !assigns)
      throw new Error(`no pure statement: ${statement.kind}`);
    const target = statement.kind === 'let' ? statement.variable : statement.target;
    const value = evaluate(known(statement.value, 'value'), variables);
    variables.set(target.name, stored(value));
  }
  return evaluate(known(block.value, 'value of the block'), variables);
}

/** A variable holds a typed value: what was a literal is one no longer. */
function stored(value: RefValue): RefValue {
  return value.kind === 'integer' ? { ...value, literal: false } : value;
}

/** Both branches meet in one type, whichever is taken. */
function choose(condition: RefValue, then: RefValue, otherwise: RefValue): RefValue {
  if (then.kind === 'integer' && otherwise.kind === 'integer') {
    const [left, right] = promoted(then, otherwise);
    return isTrue(condition) ? left : right;
  }
  return isTrue(condition) ? then : otherwise;
}

function cast({ type }: Cast, operand: RefValue): RefValue {
  const name = typeof type.base === 'string' ? type.base : 'typeof';
  if (name === 'bool') return boolean(operand.kind === 'string' || isTrue(operand));
  const [, unsigned, bits] = /^(u?)int(8|16|32|64)$/.exec(name) ?? [];
  if (bits === undefined) throw new Error(`no pure cast: ${name}`);
  const [array] = type.derivations;
  if (array?.kind === 'array') {
    // A number of fewer bytes than the array is widened by its own sign.
    return arrayOf(asInteger(operand).value, Number(array.size), Number(bits), unsigned !== 'u');
  }
  const value = operand.kind === 'boolean' ? BigInt(operand.value) : asInteger(operand).value;
  return integer(value, Number(bits), unsigned === '');
}

function element(array: RefValue, index: RefInteger): RefValue {
  if (array.kind !== 'array') throw new Error(`a ${array.kind} has no elements`);
  return known(array.elements[Number(index.value)], `element ${index.value}`);
}

function member(object: RefValue, name: string): RefValue {
  if (object.kind !== 'tuple') throw new Error(`a ${object.kind} has no members`);
  return known(object.elements[object.names.indexOf(name)], `member ${name}`);
}

function call({ callee, arguments: given }: Call, of: (node: Expression) => RefValue): RefValue {
  const values = given.map((argument) => {
    if (argument.kind === 'type-name') throw new Error('a type is no value');
    return of(argument);
  });
  const text = (index: number): string => {
    const value = values[index];
    if (value?.kind !== 'string') throw new Error(`${callee} expects text`);
    return value.value;
  };
  switch (callee) {
    case 'strncmp': {
      const length = Number(asInteger(known(values[2], 'length')).value);
      return integer(text(0).slice(0, length) === text(1).slice(0, length) ? 0n : 1n, 64, false);
    }
    case 'strlen':
      return integer(BigInt(text(0).length), 64, false);
    case 'strcontains':
      return boolean(text(0).includes(text(1)));
    case 'strstr':
      return integer(BigInt(text(0).indexOf(text(1))), 64, true);
    case 'bswap':
      return swapped(asInteger(known(values[0], 'argument')));
    default:
      throw new Error(`no pure function: ${callee}`);
  }
}

function swapped({ value, bits }: { value: bigint; bits: number }): RefValue {
  let result = 0n;
  for (let shift = 0n; shift < BigInt(bits); shift += 8n) {
    result = (result << 8n) | ((BigInt.asUintN(bits, value) >> shift) & 0xffn);
  }
  return integer(result, bits, false);
}

function known<Found>(found: Found | undefined, what: string): Found {
  if (found === undefined) throw new Error(`there is no ${what}`);
  return found;
}

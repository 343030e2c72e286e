/** Expressions whose values are known. */
import type { Expression } from '../syntax/ast.ts';

/** Of integers and booleans; booleans count as 0 and 1. */
export function literalValue(expression: Expression): bigint | undefined {
  if (expression.kind === 'boolean') return expression.value ? 1n : 0n;
  return integerValue(expression);
}

/** Of integers alone, those among them that folding gave a type. */
export function integerValue(expression: Expression): bigint | undefined {
  if (expression.kind === 'integer') return expression.value;
  return isFolded(expression) ? integerValue(expression.operand) : undefined;
}

/** A literal that folding made, with its type in a cast that nobody wrote: both have one span. */
export function isFolded(
  expression: Expression,
): expression is Extract<Expression, { kind: 'cast' }> {
  return expression.kind === 'cast' && expression.type.span === expression.span;
}

/** Whether a value counts as true; undefined if it is not known. */
export function truth(expression: Expression): boolean | undefined {
  if (expression.kind === 'string') return expression.value !== '';
  const value = literalValue(expression);
  return value === undefined ? undefined : value !== 0n;
}

/** Literals, and tuples and records of nothing else. */
export function isLiteral(expression: Expression): boolean {
  switch (expression.kind) {
    case 'integer':
    case 'boolean':
    case 'string':
      return true;
    case 'tuple':
      return expression.elements.every(isLiteral);
    case 'record':
      return expression.fields.every(({ value }) => isLiteral(value));
    default:
      return isFolded(expression);
  }
}

/** Undefined where one of them is not known. Values of different kinds are different. */
export function sameLiteral(a: Expression, b: Expression): boolean | undefined {
  if (!isLiteral(a) || !isLiteral(b)) return undefined;
  const [left, right] = [integerValue(a), integerValue(b)];
  if (left !== undefined || right !== undefined) return left === right;
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    if (a.elements.length !== b.elements.length) return false;
    return a.elements.every((element, index) => {
      const other = b.elements[index];
      return other !== undefined && sameLiteral(element, other) === true;
    });
  }
  if (a.kind === 'record' && b.kind === 'record') return sameRecord(a.fields, b.fields);
  if (a.kind === 'string' && b.kind === 'string') return a.value === b.value;
  return a.kind === 'boolean' && b.kind === 'boolean' && a.value === b.value;
}

type Fields = Extract<Expression, { kind: 'record' }>['fields'];

/** The order of fields does not matter; records with other names cannot be compared. */
function sameRecord(a: Fields, b: Fields): boolean | undefined {
  if (a.length !== b.length) return false;
  let same = true;
  for (const { name, value } of a) {
    const other = b.find((field) => field.name === name);
    if (other === undefined) return undefined;
    same &&= sameLiteral(value, other.value) === true;
  }
  return same;
}

/**
 * Values that become what the place wants that they go to: an integer becomes one of any size and sign. Literals must fit;
 * of other values it is said where they may not.
 */
import type { Span } from '../source.ts';
import type { Expression } from '../syntax/ast.ts';
import { sameType, type Promotable } from './promote.ts';
import { memberFlexibility } from './sign-flexible.ts';
import type { EnumType, IntegerType, RecordType, TupleType } from './scalars.ts';
import type { Type } from './type.ts';

/** Told of a value that may not be the same afterwards. */
export type Doubt = (span: Span, from: Type, to: Type) => void;

/** False if the value cannot become one of that type; `value` is what is written there, with the type `given`. */
export function castImplicitly(
  value: Expression,
  given: Promotable,
  target: Type,
  doubt: Doubt,
): boolean {
  if (value.kind === 'block-expression' && value.block.value !== undefined) {
    return castImplicitly(value.block.value, given, target, doubt);
  }
  const { type } = given;
  if (sameType(type, target)) return true;
  if (isInteger(type) && target.kind === 'integer') {
    if (isLiteral(value)) return holds(target, value.value);
    if (!holdsAll(target, type, given.signFlexible === true)) doubt(value.span, type, target);
    return true;
  }
  if (type.kind === 'string' && target.kind === 'string') return type.size <= target.size;
  if (type.kind === 'tuple' || type.kind === 'record') {
    return target.kind === type.kind && castMembers(value, { ...given, type }, target, doubt);
  }
  return type.kind === target.kind;
}

function isInteger(type: Type): type is IntegerType | EnumType {
  return type.kind === 'integer' || type.kind === 'enum';
}

function castMembers(
  value: Expression,
  given: Promotable & { readonly type: TupleType | RecordType },
  target: TupleType | RecordType,
  doubt: Doubt,
): boolean {
  const members = given.type.fields;
  if (members.length !== target.fields.length) return false;
  return target.fields.every((field) => {
    const index = members.findIndex(({ name }) => name === field.name);
    const member = members[index];
    if (member === undefined) return false;
    const signFlexible = memberFlexibility(given.signFlexible, member.name);
    const written = memberOf(value, member.name, index);
    return castImplicitly(written, { type: member.type, signFlexible }, field.type, doubt);
  });
}

/** A member as it is written, or all there is of it. */
function memberOf(value: Expression, name: string, index: number): Expression {
  if (value.kind === 'tuple') return value.elements[index] ?? value;
  if (value.kind === 'record') {
    return value.fields.find((field) => field.name === name)?.value ?? value;
  }
  return value;
}

function isLiteral(value: Expression): value is Extract<Expression, { kind: 'integer' }> {
  return value.kind === 'integer';
}

function holds({ size, signed }: IntegerType, value: bigint): boolean {
  return (signed ? BigInt.asIntN(size * 8, value) : BigInt.asUintN(size * 8, value)) === value;
}

/** Whether each value of one type is one of the other; a literal's type has no sign of its own. */
function holdsAll(
  target: IntegerType,
  type: IntegerType | EnumType,
  signFlexible: boolean,
): boolean {
  if (type.signed === target.signed || signFlexible) return type.size <= target.size;
  return !type.signed && type.size < target.size;
}

/**
 * Values written where they are needed: keys, map values, variables, fields of events. What has a maker of its own
 * (text, stacks, tuples) is made in place; the rest is copied.
 */
import type { Type } from '../types/type.ts';
import type { Expression } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Address } from './ir.ts';
import { lowerBuiltinInto } from './lower-builtin.ts';
import { lowerCallInto } from './lower-call.ts';
import { lowerChoiceInto } from './lower-choice.ts';
import { lowerBlockInto } from './lower-block.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, zeroBytes } from './memory.ts';
import { hasPadding, isScalar } from './type-traits.ts';
import { writeValue } from './write-value.ts';

/** Writes all bytes of `type`; strings are followed by zeros. */
export function lowerInto(l: Lowering, expression: Expression, to: Address, type: Type): void {
  switch (expression.kind) {
    case 'tuple':
      lowerMembersInto(l, expression.elements, to, type);
      return;
    case 'record':
      lowerMembersInto(
        l,
        expression.fields.map(({ value }) => value),
        to,
        type,
        expression.fields.map(({ name }) => name),
      );
      return;
    case 'ternary':
    case 'if':
      if (!isScalar(type)) {
        lowerChoiceInto(l, expression, to, type);
        return;
      }
      break;
    case 'block-expression':
      lowerBlockInto(l, expression.block, to, type);
      return;
    case 'call':
      if (lowerCallInto(l, expression, to, type)) return;
      break;
    case 'identifier':
      if (lowerBuiltinInto(l, expression, to, type)) return;
      break;
    default:
  }
  writeValue(l, l.value(expression), typeOf(l, expression), to, type);
}

function lowerMembersInto(
  l: Lowering,
  values: readonly Expression[],
  to: Address,
  type: Type,
  names?: readonly string[],
): void {
  if (type.kind !== 'tuple' && type.kind !== 'record') {
    const [only] = values;
    if (only !== undefined) l.into(only, to, type);
    return;
  }
  if (hasPadding(type)) zeroBytes(l, to, type.size);
  values.forEach((value, index) => {
    const name = names?.[index];
    const field =
      name === undefined ? type.fields[index] : type.fields.find((other) => other.name === name);
    if (field === undefined) refuse(value.span, 'this member');
    l.into(value, at(to, field.offset), field.type);
  });
}

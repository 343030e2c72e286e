/** Which casts there are. */
import { aggregationValue, isAggregation } from '../builtins/aggregations.ts';
import {
  badCast,
  castFromStruct,
  unknownType,
  unknownVariant,
  unnecessaryCast,
} from '../diagnostics/messages/types.ts';
import type { Cast, Expression, TypeName } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { printType } from '../types/print-type.ts';
import { sameType } from '../types/promote.ts';
import type { AddressSpace, Type } from '../types/type.ts';
import type { Report } from './operator-types.ts';
import { resolveTypeName, sizedFor } from './type-names.ts';
import type { TypeScope } from './type-names.ts';

/** The type that a name stands for; reported if it stands for none. */
export function namedType(written: TypeName, scope: TypeScope, report: Report): Type | undefined {
  const resolved = resolveTypeName(written, scope);
  if (typeof resolved === 'string') {
    report(unknownType(written.span, resolved));
    return undefined;
  }
  if ('pending' in resolved) return undefined;
  return resolved;
}

/** @param scope its space is that of the memory into which the probe's numbers point */
export function castType(
  node: Cast,
  operand: Type,
  scope: TypeScope,
  report: Report,
): Type | undefined {
  const space = spaceOf(node.operand, operand) ?? scope.space;
  const named = namedType(node.type, { ...scope, space }, report);
  if (named === undefined) return undefined;
  const sized = sizedFor(named, operand);
  const address = sized.kind === 'integer' && sized.size === 8 && operand.kind === 'pointer';
  // A time has its format with it.
  const same = sized.kind === 'timestamp' && operand.kind === 'timestamp';
  const type: Type = same ? operand : address ? { ...sized, space } : sized;
  if (operand.kind === 'struct') {
    report(castFromStruct(node.span, printType(operand)));
  } else if (sameType(type, operand)) {
    // Constants that were folded carry their type in a cast of the same span.
    if (node.type.span.start !== node.span.start)
      report(unnecessaryCast(node.span, printType(type)));
  } else if (!castable(operand, type)) {
    report(badCast(node.span, printType(operand), printType(type)));
  } else if (type.kind === 'enum' && node.operand.kind === 'integer') {
    const { value } = node.operand;
    if (!Object.hasOwn(type.variants, `${value}`)) {
      report(unknownVariant(node.span, type.name, value));
    }
  }
  return type;
}

/** Undefined for numbers, but for those known as addresses and literals that can only be addresses of the kernel. */
function spaceOf(node: Expression, type: Type): AddressSpace | undefined {
  if (type.kind === 'integer' && type.space !== undefined) return type.space;
  if (type.kind === 'pointer' || type.kind === 'array' || type.kind === 'struct') return type.space;
  return node.kind === 'integer' && node.value >= 1n << 63n ? 'kernel' : undefined;
}

function castable(from: Type, to: Type): boolean {
  const number = from.kind === 'integer' || from.kind === 'boolean' || from.kind === 'enum';
  switch (to.kind) {
    case 'integer':
    case 'enum':
      return (
        number ||
        from.kind === 'pointer' ||
        (from.kind === 'array' && sizeOfType(from) === to.size) ||
        (isAggregation(from) && aggregationValue(from) !== undefined)
      );
    case 'boolean':
      return (
        number ||
        from.kind === 'pointer' ||
        from.kind === 'string' ||
        (isAggregation(from) && aggregationValue(from) !== undefined)
      );
    case 'pointer':
      // Where text or an array is, such as the bytes that a driver keeps in a `char` array for its own use.
      return number || from.kind === 'pointer' || from.kind === 'string' || from.kind === 'array';
    case 'string':
      return from.kind === 'string' && to.size >= from.size;
    case 'username':
      return from.kind === 'integer';
    case 'array':
      if (to.element.kind !== 'integer' && to.element.kind !== 'boolean') return false;
      if (from.kind === 'integer') {
        const size = sizeOfType(to);
        return size === from.size || (size <= 8 && size > from.size);
      }
      return (
        (from.kind === 'boolean' || from.kind === 'string') && sizeOfType(to) === sizeOfType(from)
      );
    default:
      return false;
  }
}

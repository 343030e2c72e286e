/** Types of the tuples and records that a program makes. */
import { aggregationValue, isAggregation } from '../builtins/aggregations.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { valueTooLarge } from '../diagnostics/messages/limits.ts';
import { aggregationInside } from '../diagnostics/messages/maps.ts';
import type { Span } from '../source.ts';
import type { Expression, Record, Tuple } from '../syntax/ast.ts';
import { record, tuple } from '../types/layout.ts';
import { partsOf } from '../types/parts-of.ts';
import { printType } from '../types/print-type.ts';
import type { Type } from '../types/type.ts';

const MAX_PARTS = 4096;

type Report = (diagnostic: Diagnostic) => void;
type TypeOf = (node: Expression) => Type | undefined;

/** Undefined while a member's type is not known, or was reported. */
export function tupleType(
  { elements, span }: Tuple,
  typeOf: TypeOf,
  report: Report,
): Type | undefined {
  const types: Type[] = [];
  for (const element of elements) {
    const type = memberType(element, 'tuple', typeOf, report);
    if (type === undefined) return undefined;
    types.push(type);
  }
  return bounded(span, tuple(types), report);
}

/** Undefined while a member's type is not known, or was reported. */
export function recordType(
  { fields, span }: Record,
  typeOf: TypeOf,
  report: Report,
): Type | undefined {
  const typed: { name: string; type: Type }[] = [];
  for (const { name, value } of fields) {
    const type = memberType(value, 'record', typeOf, report);
    if (type === undefined) return undefined;
    typed.push({ name, type });
  }
  return bounded(span, record(typed), report);
}

/** Of an aggregation what is read of it, where it can be. */
function memberType(
  node: Expression,
  of: 'tuple' | 'record',
  typeOf: TypeOf,
  report: Report,
): Type | undefined {
  const type = typeOf(node);
  if (type === undefined || !isAggregation(type)) return type;
  const read = aggregationValue(type);
  if (read === undefined) report(aggregationInside(node.span, printType(type), of));
  return read;
}

/** Tuples of tuples double with each step; nothing that walks over their parts would end. */
function bounded(span: Span, type: Type, report: Report): Type | undefined {
  if (partsOf(type) <= MAX_PARTS) return type;
  report(valueTooLarge(span, `a ${type.kind}`, MAX_PARTS));
  return undefined;
}

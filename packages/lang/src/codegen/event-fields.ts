/** The layout of an event's fields: what lies at a fixed place, and what follows as text of its real length. */
import { EVENT_HEADER_BYTES, REFERENCE_BYTES, type EventField } from '@bpfleet/protocol';
import { valueTooLarge } from '../diagnostics/messages/limits.ts';
import type { Expression } from '../syntax/ast.ts';
import { alignOfType, sizeOfType } from '../types/layout.ts';
import { MAX_STRUCT_PARTS, partsOf } from '../types/parts-of.ts';
import { printType } from '../types/print-type.ts';
import { toValueType } from '../types/to-value-type.ts';
import type { Type } from '../types/type.ts';
import { CodegenFault } from './codegen-fault.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { isAggregation } from './type-traits.ts';

/** Shorter text is cheaper to send at its full size than to measure. */
const MAX_FIXED_TEXT_BYTES = 32;
const REFERENCE_ALIGN = 4;

export interface PlannedField {
  readonly expression: Expression;
  readonly type: Type;
  readonly field: EventField;
}

export interface EventLayout {
  readonly fields: readonly PlannedField[];
  /** End of the fixed part, from the start of the record. */
  readonly fixedEnd: number;
  /** What the dynamic fields may need behind it. */
  readonly dynamicBytes: number;
}

export function layOutEvent(l: Lowering, expressions: readonly Expression[]): EventLayout {
  let end = EVENT_HEADER_BYTES;
  let dynamicBytes = 0;
  const fields = expressions.map((expression): PlannedField => {
    const type = typeOf(l, expression);
    if (partsOf(type) > MAX_STRUCT_PARTS) {
      const what = printType(type);
      throw new CodegenFault(valueTooLarge(expression.span, what, MAX_STRUCT_PARTS));
    }
    const dynamic = isDynamic(expression, type);
    const align = dynamic ? REFERENCE_ALIGN : isAggregation(type) ? 8 : alignOfType(type);
    const offset = Math.ceil(end / align) * align;
    const valueType = toValueType(type);
    end = offset + (dynamic ? REFERENCE_BYTES : isAggregation(type) ? 8 : sizeOfType(type));
    // One byte more than the text may have tells whether it was cut.
    if (dynamic) dynamicBytes += sizeOfType(type) + 1;
    return { expression, type, field: { offset, type: valueType, dynamic } };
  });
  return { fields, fixedEnd: end, dynamicBytes };
}

function isDynamic(expression: Expression, type: Type): boolean {
  if (expression.kind === 'string') return false;
  return (type.kind === 'string' || type.kind === 'buffer') && type.size > MAX_FIXED_TEXT_BYTES;
}

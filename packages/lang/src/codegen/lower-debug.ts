/** `debugf`: text for the kernel's own trace buffer. */
import { encodeText } from '@bpfleet/protocol';
import type { Call, Expression } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand } from './ir.ts';
import { argument } from './lower-string.ts';
import { inMemory } from './materialise.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { inScope } from './memory.ts';
import { isScalar } from './type-traits.ts';

export function lowerDebug(l: Lowering, call: Call): Operand {
  const format = argument(call, 0);
  if (format.kind !== 'string') return refuse(format.span, 'this format');
  const bytes = encodeText(`${format.value}\0`);
  const table = l.session.addText(bytes);
  return inScope(l, () => {
    const values = call.arguments.slice(1).map((_, index) => traced(l, argument(call, index + 1)));
    const text = { kind: 'map-value', map: table, offset: 0 } as const;
    return l.b.call('trace_printk', text, BigInt(bytes.length), ...values);
  });
}

function traced(l: Lowering, expression: Expression): Operand | Address {
  return isScalar(typeOf(l, expression)) ? l.scalar(expression) : inMemory(l, expression);
}

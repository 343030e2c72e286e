/**
 * Pointers that helpers take from a tracing program only as the kernel gave them to it: its arguments, and what lies in what
 * these point to. A variable that is set once, whatever happens, stands for what it was set to: it is read anew.
 */
import { invalidCall } from '../diagnostics/messages/calls.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { CodegenFault } from './codegen-fault.ts';
import { definitionOf } from './definition-of.ts';
import { offsetIn } from './given-path.ts';
import type { Operand } from './ir.ts';
import { argument } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';

const GIVEN = /^(arg\d|retval)$/;

/** Throws CodegenFault for what the verifier would not take. */
export function givenArgument(l: Lowering, call: Call, index: number): Operand {
  const expression = argument(call, index);
  const given = givenPointer(l, expression);
  if (given !== undefined) return given;
  const { callee } = call;
  const message = `${callee}() takes a pointer as the probe was given it, not one read from memory`;
  throw new CodegenFault(invalidCall(expression.span, message));
}

function givenPointer(l: Lowering, expression: Expression): Operand | undefined {
  switch (expression.kind) {
    case 'cast':
      return givenPointer(l, expression.operand);
    case 'identifier':
      return GIVEN.test(expression.name) ? l.scalar(expression) : undefined;
    case 'integer':
      return expression.value === 0n ? 0n : undefined;
    case 'variable': {
      const value = definitionOf(l.probe.body, expression);
      return value === undefined ? undefined : givenPointer(l, value);
    }
    case 'field': {
      const { object } = expression;
      if (object.kind === 'identifier' && object.name === 'args') return l.scalar(expression);
      // The address of a member; its value, if that is a pointer, would be read from memory.
      if (typeOf(l, expression).kind === 'pointer') return undefined;
      const base = givenPointer(l, object);
      return base === undefined
        ? undefined
        : l.b.arithmetic('add', base, BigInt(offsetIn(l, expression)));
    }
    default:
      return undefined;
  }
}

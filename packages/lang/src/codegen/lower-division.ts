/**
 * Division and remainder. The instruction is unsigned on every kernel; signed operands are divided as magnitudes and
 * the sign put back. A zero divisor gives 1, as in bpftrace, and a runtime error.
 */
import type { Span } from '../source.ts';
import type { Operand, VirtualRegister } from './ir.ts';
import { sendRuntimeError } from './lower-faults.ts';
import type { Lowering } from './lowering.ts';

const DIVIDED_BY_ZERO =
  'Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.';

export function divide(
  l: Lowering,
  operator: '/' | '%',
  left: Operand,
  right: Operand,
  signed: boolean,
  span: Span,
): Operand {
  const unsignedOperator = operator === '/' ? 'div' : 'mod';
  const compute = (right: Operand): VirtualRegister => {
    if (!signed) return l.b.arithmetic(unsignedOperator, left, right);
    // A divisor of -1 overflows for the smallest dividend, which traps on some kernels.
    const safe = typeof right === 'bigint' && right !== -1n;
    if (safe && l.program.target.features.signedDivision) {
      return l.b.arithmetic(operator === '/' ? 'sdiv' : 'smod', left, right);
    }
    return divideMagnitudes(l, operator, left, right);
  };
  if (typeof right === 'bigint' && right !== 0n) return compute(right);
  const divisor = l.b.toRegister(right);
  const result = l.b.register();
  const zero = l.b.label('divide_by_zero');
  const done = l.b.label('divided');
  l.b.branch('eq', divisor, 0n, zero);
  l.b.move(result, compute(divisor));
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(zero);
    sendRuntimeError(l, DIVIDED_BY_ZERO, span);
    l.b.move(result, 1n);
    l.b.jump(done);
  });
  return result;
}

function divideMagnitudes(
  l: Lowering,
  operator: '/' | '%',
  left: Operand,
  right: Operand,
): VirtualRegister {
  const leftSign = l.b.arithmetic('arsh', left, 63n);
  const rightSign = l.b.arithmetic('arsh', right, 63n);
  const result = negateIf(l, left, leftSign);
  l.b.apply(operator === '/' ? 'div' : 'mod', result, negateIf(l, right, rightSign));
  // The quotient is negative where the signs differ, the remainder where the dividend is.
  const sign = operator === '/' ? l.b.arithmetic('xor', leftSign, rightSign) : leftSign;
  return negateIf(l, result, sign);
}

/** The value itself where `sign` is 0, its negative where `sign` is -1. */
function negateIf(l: Lowering, value: Operand, sign: VirtualRegister): VirtualRegister {
  const result = l.b.arithmetic('xor', value, sign);
  l.b.apply('sub', result, sign);
  return result;
}

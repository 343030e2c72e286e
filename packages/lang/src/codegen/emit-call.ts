/** A helper call: arguments into r1 to r5, the call, the result out of r0. */
import {
  add,
  call,
  callKfunc,
  callLocal,
  ldImm64,
  ldx,
  loadFunction,
  loadMap,
  loadMapValue,
  mov,
  R0,
  R10,
  type Instruction,
  type Register,
} from '@bpfleet/bpf/asm';
import type { CallArgument, Callee, IrOperation, VirtualRegister } from './ir.ts';
import { parallelMoves } from './parallel-moves.ts';
import type { StackFrame } from './stack-frame.ts';

export function emitCall(
  operation: Extract<IrOperation, { kind: 'call' }>,
  registerOf: (register: VirtualRegister) => Register,
  resultIsRead: boolean,
  frame: StackFrame,
): Instruction[] {
  const targets = operation.arguments.map((argument, index) => ({
    argument,
    to: (index + 1) as Register,
  }));
  const moves = targets.flatMap(({ argument, to }) => {
    const from = sourceRegister(argument);
    return from === undefined ? [] : [{ to, from: registerOf(from) }];
  });
  const { result, callee } = operation;
  return [
    ...parallelMoves(moves),
    ...targets.flatMap(({ argument, to }) => loadArgument(argument, to, frame)),
    emitCallee(callee),
    ...(result === undefined || !resultIsRead || registerOf(result) === R0
      ? []
      : [mov.reg(registerOf(result), R0)]),
  ];
}

function emitCallee(callee: Callee): Instruction {
  if (typeof callee === 'string') return call(callee);
  return 'kfunc' in callee ? callKfunc(callee.kfunc) : callLocal(callee.function);
}

function sourceRegister(argument: CallArgument): VirtualRegister | undefined {
  if (typeof argument === 'number') return argument;
  return typeof argument === 'object' && argument.kind === 'register'
    ? argument.register
    : undefined;
}

/** What is not in a register, and offsets to what is. */
function loadArgument(argument: CallArgument, to: Register, frame: StackFrame): Instruction[] {
  if (typeof argument === 'number') return [];
  if (typeof argument === 'bigint') return [loadImmediate(to, argument)];
  switch (argument.kind) {
    case 'register':
      return argument.offset === 0 ? [] : [add.imm(to, argument.offset)];
    case 'slot':
      return [mov.reg(to, R10), add.imm(to, frame.offsetOf(argument.slot) + argument.offset)];
    case 'map':
      return [loadMap(to, argument.map)];
    case 'map-value':
      return [loadMapValue(to, argument.map, argument.offset)];
    case 'function':
      return [loadFunction(to, argument.function)];
    case 'spilled':
      return [ldx(8, to, R10, frame.offsetOf(argument.slot))];
  }
}

/** The shortest load of a 64-bit value, given as signed or unsigned. */
export function loadImmediate(dst: Register, value: bigint): Instruction {
  const signed = BigInt.asIntN(64, value);
  return BigInt.asIntN(32, signed) === signed
    ? mov.imm(dst, Number(signed))
    : ldImm64(dst, BigInt.asUintN(64, value));
}

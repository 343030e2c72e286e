/** A program and its functions to one list of instructions, with the stack that the deepest chain of calls takes. */
import type { Instruction } from '@bpfleet/bpf/asm';
import { allocateRegisters } from './allocate-registers.ts';
import { emit, type EmittedProgram } from './emit.ts';
import type { IrFunction, IrProgram } from './ir.ts';

/**
 * The verifier rounds each frame up to this when it adds up a chain: `check_max_stack_depth` in
 * https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/verifier.c
 */
const FRAME_UNIT_BYTES = 32;

export function emitProgram(program: IrProgram): EmittedProgram {
  const main = emit(allocateRegisters(program));
  if (program.functions.size === 0) return main;
  const functions = new Map(
    [...program.functions].map(([name, written]) => [name, emit(allocateRegisters(written), name)]),
  );
  const instructions: Instruction[] = [...main.instructions];
  for (const { instructions: own } of functions.values()) instructions.push(...own);
  const chainBytes = (written: IrFunction, frameBytes: number): number => {
    const callees = calledBy(written).map((name) => {
      const callee = program.functions.get(name);
      return callee === undefined ? 0 : chainBytes(callee, functions.get(name)?.frameBytes ?? 0);
    });
    const own = Math.max(1, Math.ceil(frameBytes / FRAME_UNIT_BYTES)) * FRAME_UNIT_BYTES;
    return own + Math.max(0, ...callees);
  };
  return { instructions, frameBytes: chainBytes(program, main.frameBytes) };
}

/** Names of the functions that this one calls or hands to helpers. */
function calledBy({ instructions }: IrFunction): string[] {
  return instructions.flatMap(({ operation }) => {
    if (operation.kind !== 'call') return [];
    const called = typeof operation.callee === 'string' ? [] : [operation.callee.function];
    const handed = operation.arguments.flatMap((argument) =>
      typeof argument === 'object' && argument.kind === 'function' ? [argument.function] : [],
    );
    return [...called, ...handed];
  });
}

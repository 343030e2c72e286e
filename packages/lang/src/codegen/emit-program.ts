/** A program and its functions to one list of instructions, with the stack that the deepest chain of calls takes. */
import { bridgeFarJumps, type Instruction } from '@bpfleet/bpf/asm';
import { allocateRegisters } from './allocate-registers.ts';
import { emit, type EmittedProgram } from './emit.ts';
import type { IrFunction, IrInstruction, IrProgram } from './ir.ts';

/**
 * The verifier rounds each frame up to this when it adds up a chain: `check_max_stack_depth` in
 * https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/verifier.c
 */
const FRAME_UNIT_BYTES = 32;

interface EmittedFunction extends EmittedProgram {
  /** Names of the functions that it calls or hands to helpers. */
  readonly callees: readonly string[];
}

export interface WholeProgram extends EmittedProgram {
  /** How many of the instructions are the program itself; its functions come after. */
  readonly mainLength: number;
  /** With the main program. */
  readonly functionCount: number;
}

export function emitProgram(program: IrProgram): WholeProgram {
  const main = emitFunction(program);
  const mainLength = main.instructions.length;
  if (program.functions.size === 0) return { ...main, mainLength, functionCount: 1 };
  const functions = new Map<string, EmittedFunction>();
  const reach = ({ callees }: EmittedFunction): void => {
    for (const name of callees) {
      const written = program.functions.get(name);
      if (written === undefined || functions.has(name)) continue;
      const emitted = emitFunction(written, name);
      functions.set(name, emitted);
      reach(emitted);
    }
  };
  reach(main);
  const instructions: Instruction[] = [...main.instructions];
  for (const name of program.functions.keys()) {
    for (const instruction of functions.get(name)?.instructions ?? []) {
      instructions.push(instruction);
    }
  }
  const known = new Map<EmittedFunction, number>();
  const chainBytes = (caller: EmittedFunction): number => {
    const before = known.get(caller);
    if (before !== undefined) return before;
    let below = 0;
    for (const name of caller.callees) {
      const callee = functions.get(name);
      if (callee !== undefined) below = Math.max(below, chainBytes(callee));
    }
    const units = Math.max(1, Math.ceil(caller.frameBytes / FRAME_UNIT_BYTES));
    known.set(caller, units * FRAME_UNIT_BYTES + below);
    return units * FRAME_UNIT_BYTES + below;
  };
  const functionCount = 1 + functions.size;
  return { instructions, mainLength, frameBytes: chainBytes(main), functionCount };
}

/** What only dead code calls is dead, too. */
function emitFunction(written: IrFunction, name?: string): EmittedFunction {
  const allocated = allocateRegisters(written);
  const { instructions, frameBytes } = emit(allocated, name);
  const callees = calledBy(allocated.instructions);
  return { instructions: bridgeFarJumps(instructions), frameBytes, callees };
}

function calledBy(instructions: readonly IrInstruction[]): string[] {
  const names = instructions.flatMap(({ operation }) => {
    if (operation.kind !== 'call') return [];
    const { callee } = operation;
    const called = typeof callee === 'object' && 'function' in callee ? [callee.function] : [];
    const handed = operation.arguments.flatMap((argument) =>
      typeof argument === 'object' && argument.kind === 'function' ? [argument.function] : [],
    );
    return [...called, ...handed];
  });
  return [...new Set(names)];
}

/** A program and its functions to one list of instructions, with the stack that the deepest chain of calls takes. */
import { bridgeFarJumps, type Instruction, type SourceLine } from '@bpfleet/bpf/asm';
import { allocateRegisters } from './allocate-registers.ts';
import { emit, type EmittedProgram } from './emit.ts';
import type { IrFunction, IrInstruction, IrProgram } from './ir.ts';
import { FRAME_BYTES } from './stack-frame.ts';

/**
 * The verifier rounds each frame up to this when it adds up a chain: `check_max_stack_depth` in
 * https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/verifier.c
 */
const FRAME_UNIT_BYTES = 32;

interface EmittedFunction extends EmittedProgram {
  /** The functions that it calls or hands to helpers, and where. */
  readonly callees: ReadonlyMap<string, SourceLine | undefined>;
}

export interface WholeProgram extends EmittedProgram {
  /** How many of the instructions are the program itself; its functions come after. */
  readonly mainLength: number;
  /** Of each function where it is called first; the main program is one. */
  readonly functionPlaces: readonly (SourceLine | undefined)[];
  /** Where the stack is exceeded, if it is. */
  readonly deepest: SourceLine | undefined;
}

export function emitProgram(program: IrProgram): WholeProgram {
  const main = emitFunction(program);
  const mainLength = main.instructions.length;
  if (program.functions.size === 0) {
    return { ...main, mainLength, functionPlaces: [undefined], deepest: beyondFrame(main) };
  }
  const functions = new Map<string, EmittedFunction>();
  const functionPlaces: (SourceLine | undefined)[] = [undefined];
  const reach = ({ callees }: EmittedFunction): void => {
    for (const [name, place] of callees) {
      const written = program.functions.get(name);
      if (written === undefined || functions.has(name)) continue;
      const emitted = emitFunction(written, name);
      functions.set(name, emitted);
      functionPlaces.push(place);
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
  const chain = deepestChain(main, functions);
  const deepest = beyondFrame(main) ?? chain.exceededAt;
  return { instructions, mainLength, frameBytes: chain.bytes, functionPlaces, deepest };
}

interface Chain {
  readonly bytes: number;
  /** The call that took it beyond the frame. */
  readonly exceededAt: SourceLine | undefined;
}

/** Of calls that begin in the main program. */
function deepestChain(
  main: EmittedFunction,
  functions: ReadonlyMap<string, EmittedFunction>,
): Chain {
  const known = new Map<EmittedFunction, number>();
  const bytesFrom = (caller: EmittedFunction): number => {
    const before = known.get(caller);
    if (before !== undefined) return before;
    const bytes = ownBytes(caller) + (deepestCall(caller)?.bytes ?? 0);
    known.set(caller, bytes);
    return bytes;
  };
  const deepestCall = ({ callees }: EmittedFunction): Call | undefined => {
    let deepest: Call | undefined;
    for (const [name, place] of callees) {
      const callee = functions.get(name);
      if (callee === undefined) continue;
      const bytes = bytesFrom(callee);
      if (deepest === undefined || bytes > deepest.bytes) deepest = { callee, place, bytes };
    }
    return deepest;
  };
  let above = ownBytes(main);
  for (let call = deepestCall(main); call !== undefined; call = deepestCall(call.callee)) {
    above += ownBytes(call.callee);
    if (above > FRAME_BYTES) return { bytes: bytesFrom(main), exceededAt: call.place };
  }
  return { bytes: bytesFrom(main), exceededAt: undefined };
}

interface Call {
  readonly callee: EmittedFunction;
  readonly place: SourceLine | undefined;
  /** Of the chain that begins with it. */
  readonly bytes: number;
}

function ownBytes({ frameBytes }: EmittedFunction): number {
  return Math.max(1, Math.ceil(frameBytes / FRAME_UNIT_BYTES)) * FRAME_UNIT_BYTES;
}

/** The first place in the source that needs more than a whole frame. */
function beyondFrame({ frameBytes, instructions }: EmittedProgram): SourceLine | undefined {
  if (frameBytes <= FRAME_BYTES) return undefined;
  return instructions.find(({ offset, imm }) => Math.min(offset, Number(imm)) < -FRAME_BYTES)
    ?.source;
}

/** What only dead code calls is dead, too. */
function emitFunction(written: IrFunction, name?: string): EmittedFunction {
  const allocated = allocateRegisters(written);
  const { instructions, frameBytes } = emit(allocated, name);
  const callees = calledBy(allocated.instructions);
  return { instructions: bridgeFarJumps(instructions), frameBytes, callees };
}

function calledBy(
  instructions: readonly IrInstruction[],
): ReadonlyMap<string, SourceLine | undefined> {
  const places = instructions.flatMap(({ operation, source }) => {
    if (operation.kind !== 'call') return [];
    const { callee } = operation;
    const called = typeof callee === 'object' && 'function' in callee ? [callee.function] : [];
    const handed = operation.arguments.flatMap((argument) =>
      typeof argument === 'object' && argument.kind === 'function' ? [argument.function] : [],
    );
    return [...called, ...handed].map((name) => [name, source] as const);
  });
  return new Map(places);
}

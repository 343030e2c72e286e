/**
 * The program's own functions. Each that a probe needs is a function beside the probe's program; it is given the probe's
 * context and scratch. Its parameters, its result and all else it keeps have a place of their own in scratch: no function
 * is entered twice at a time, for there is no recursion.
 */
import { invariant } from '@bpfleet/bpf/asm';
import type { CheckedFunction } from '../analysis/checked-program.ts';
import type { Block, Call } from '../syntax/ast.ts';
import { callsIn } from '../syntax/calls-in.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { Address, Operand } from './ir.ts';
import type { Lowering, VariableHome } from './lowering.ts';
import { copyBytes, inScope, takeMemory } from './memory.ts';
import { narrow } from './narrow.ts';
import { placeVariables } from './place-variables.ts';
import { isScalar } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

/** A function of the program as its callers see it; offsets are in scratch. */
export interface CallableFunction {
  readonly label: string;
  readonly parameters: readonly { readonly offset: number; readonly type: Type }[];
  readonly result: { readonly offset: number; readonly type: Type } | undefined;
  /** Where it says that it called `exit()`; absent if it never does. */
  readonly leaving: number | undefined;
}

/** Writes the functions that the probe needs, each before those that call it. */
export function lowerFunctions(l: Lowering, body: Block): void {
  for (const { callee } of callsIn(body)) {
    const written = l.program.functions.get(callee);
    if (written === undefined || l.functions.has(callee)) continue;
    lowerFunctions(l, written.body);
    l.functions.set(callee, lowerFunction(l, written));
  }
}

function lowerFunction(
  l: Lowering,
  { name, parameters, returns, body, variables }: CheckedFunction,
): CallableFunction {
  const callable: CallableFunction = {
    label: l.b.label(name),
    parameters: parameters.map(({ type }) => ({ offset: takeOffset(l, type), type })),
    result: returns.kind === 'void' ? undefined : { offset: takeOffset(l, returns), type: returns },
    leaving: mayExit(l, body) ? l.scratch.reserve(8) : undefined,
  };
  const b = l.b.beside({ arguments: 2 });
  const [context, base] = [0, 1];
  b.context = context;
  const scratch = l.scratch.beside(() => base);
  const homes = new Map<string, VariableHome>();
  const exit = b.label('return');
  const result =
    callable.result && homeOf(scratch.at(callable.result.offset), callable.result.type);
  const inner = l.beside(
    { b, scratch, variables: homes, loops: [], exit, result, leaving: callable.leaving },
    { ...l.probe, body, variables },
  );
  parameters.forEach(({ name: parameter, type }, index) => {
    const offset = callable.parameters[index]?.offset ?? 0;
    homes.set(parameter, homeOf(scratch.at(offset), type));
  });
  placeVariables(inner, [body], homes);
  if (callable.leaving !== undefined) b.store(8, scratch.at(callable.leaving), 0n);
  inner.statement(body);
  const written = b.finish(() => {
    b.place(exit);
    b.return(0n);
  });
  // What it took stays its own: its callers are written after it.
  l.scratch.keepAll();
  l.b.addFunction(callable.label, written);
  return callable;
}

function takeOffset(l: Lowering, type: Type): number {
  return l.scratch.reserve(isScalar(type) ? 8 : sizeOfType(type));
}

function homeOf(address: Address, type: Type): VariableHome {
  return { kind: isScalar(type) ? 'stored' : 'memory', address, type };
}

/** Undefined if it is no function of the program. */
export function callFunction(l: Lowering, call: Call): Value | undefined {
  const callable = l.functions.get(call.callee);
  if (callable === undefined) return undefined;
  inScope(l, () => {
    passArguments(l, call, callable);
    l.b.call({ function: callable.label }, l.b.context, l.scratch.base);
  });
  if (callable.leaving !== undefined) leaveWith(l, callable.leaving);
  if (callable.result === undefined) return { kind: 'nothing' };
  const { offset, type } = callable.result;
  const result = l.scratch.at(offset);
  if (isScalar(type)) return scalar(l.b.load(8, result));
  // The next call writes there again.
  const copy = takeMemory(l, sizeOfType(type));
  copyBytes(l, copy, result, sizeOfType(type));
  return { kind: 'memory', address: copy };
}

/** All are evaluated before the first is passed: they may call the same function. */
function passArguments(l: Lowering, call: Call, { parameters }: CallableFunction): void {
  const given = call.arguments.map((argument, index): Operand | Address => {
    const type = parameters[index]?.type;
    invariant(argument.kind !== 'type-name' && type !== undefined, 'lower: a value is passed');
    if (isScalar(type)) return narrow(l.b, l.scalar(argument), type);
    const made = takeMemory(l, sizeOfType(type));
    l.into(argument, made, type);
    return made;
  });
  given.forEach((value, index) => {
    const parameter = parameters[index];
    if (parameter === undefined) return;
    const to = l.scratch.at(parameter.offset);
    if (typeof value === 'object') copyBytes(l, to, value, sizeOfType(parameter.type));
    else l.b.store(8, to, value);
  });
}

/** After `exit()` in a function its callers end too. */
function leaveWith(l: Lowering, leaving: number): void {
  const goingOn = l.b.label('going_on');
  l.b.branch('eq', l.b.load(8, l.scratch.at(leaving)), 0n, goingOn);
  leave(l);
  l.b.place(goingOn);
}

/** To the end of the program, out of all functions. */
export function leave(l: Lowering): void {
  if (l.leaving !== undefined) l.b.store(8, l.scratch.at(l.leaving), 1n);
  l.b.jump(l.exit);
}

function mayExit(l: Lowering, body: Block): boolean {
  return callsIn(body).some(
    ({ callee }) => callee === 'exit' || l.functions.get(callee)?.leaving !== undefined,
  );
}

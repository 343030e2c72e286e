/**
 * Code that a helper calls back, for each element of a map or each number of a range. It is a function of its own, with
 * its own registers and frame; all it shares with the function around it is in scratch. What it is given points to two
 * words on that function's stack: the address of the probe's context, and that of scratch.
 */
import type { AnyNode } from '../syntax/ast.ts';
import type { CallArgument, Operand, VirtualRegister } from './ir.ts';
import type { Lowering, VariableHome } from './lowering.ts';
import { setHome } from './lower-variable.ts';
import { at, pointing } from './memory.ts';
import { inheritedHomes, placeVariables } from './place-variables.ts';

const CONTEXT_OFFSET = 0;
const SCRATCH_OFFSET = 8;
const SHARED_BYTES = 16;
/** Beside the word that says that the program was left: with what. */
const RESULT_OFFSET = 8;

/** What a callback returns to have the helper go on, or stop. */
const GO_ON = 0n;
const STOP = 1n;

export interface Callback {
  /** How many arguments the helper passes; the last is what it was given for us. */
  readonly arguments: number;
  /** The nodes whose variables it has. */
  readonly code: readonly AnyNode[];
  readonly write: (inner: Lowering, given: readonly VirtualRegister[]) => void;
}

/** Writes the callback, and with `call` the call of the helper that runs it; gives what the helper returned. */
export function callWithCallback(
  l: Lowering,
  hint: string,
  callback: Callback,
  call: (callback: CallArgument, shared: CallArgument) => VirtualRegister,
): VirtualRegister {
  const left = l.scratch.take(16);
  const name = l.b.label(hint);
  writeCallback(l, name, callback, left.kind === 'register' ? left.offset : 0);
  const shared = l.b.onStack(SHARED_BYTES);
  l.b.store(8, left, 0n);
  l.b.store(8, { ...shared, offset: CONTEXT_OFFSET }, l.b.context);
  l.b.store(8, { ...shared, offset: SCRATCH_OFFSET }, l.scratch.base);
  const result = call({ kind: 'function', function: name }, shared);
  const goingOn = l.b.label('going_on');
  l.b.branch('eq', l.b.load(8, left), 0n, goingOn);
  if (l.result?.kind === 'register') setHome(l, l.result, l.b.load(8, at(left, RESULT_OFFSET)));
  l.b.jump(l.exit);
  l.b.place(goingOn);
  return result;
}

function writeCallback(
  l: Lowering,
  name: string,
  { arguments: count, code, write }: Callback,
  leftOffset: number,
): void {
  const b = l.b.beside({ arguments: count });
  const given = Array.from({ length: count }, (_, index) => index);
  const shared = count - 1;
  b.context = b.load(8, pointing(shared, CONTEXT_OFFSET));
  const base = b.load(8, pointing(shared, SCRATCH_OFFSET));
  const homes = new Map<string, VariableHome>();
  const [exit, stop, goOn] = [b.label('exit'), b.label('stop'), b.label('go_on')];
  const inner = l.beside({
    b,
    scratch: l.scratch.beside(() => base),
    variables: homes,
    loops: [{ breakTo: stop, continueTo: goOn }],
    exit,
    result: l.result && resultSeenFrom(l.result, base, leftOffset + RESULT_OFFSET),
    leaving: l.leaving,
  });
  for (const [variable, home] of inheritedHomes(l, inner)) homes.set(variable, home);
  const mark = l.scratch.mark();
  placeVariables(inner, code, homes);
  write(inner, given);
  const written = b.finish(() => {
    returnAt(b, goOn, GO_ON);
    b.place(exit);
    b.store(8, inner.scratch.at(leftOffset), 1n);
    returnAt(b, stop, STOP);
  });
  l.scratch.release(mark);
  l.b.addFunction(name, written);
}

/** A result in a register is kept at `offset` until the function around has it; others are in scratch already. */
function resultSeenFrom(result: VariableHome, base: VirtualRegister, offset: number): VariableHome {
  const { type } = result;
  return result.kind === 'register'
    ? { kind: 'stored', address: pointing(base, offset), type }
    : { ...result, address: pointing(base, result.address.offset) };
}

function returnAt(b: Lowering['b'], label: string, value: Operand): void {
  b.place(label);
  b.return(value);
}

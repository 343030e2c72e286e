/**
 * Fields of `args` in programs of system calls. At the raw tracepoints the context is the caller's `struct pt_regs` and, of
 * `sys_enter`, the call's number, of `sys_exit` its result: the fields are found there.
 */
import { invariant } from '@bpfleet/bpf/asm';
import type { FieldAccess } from '../syntax/ast.ts';
import type { Lowering } from './lowering.ts';
import { typeOf } from './lowering.ts';
import { pointing } from './memory.ts';
import type { Operand } from './ir.ts';
import { readInteger, readPlace } from './remote.ts';
import type { RemotePlace, Value } from './value.ts';

/** Where the records of these tracepoints have the number, and after it the arguments or the result. */
const NUMBER_AT = 8;
const WORDS_AT = 16;

/** `args.name` */
export function lowerSystemCallField(l: Lowering, access: FieldAccess): Value {
  const type = typeOf(l, access.object);
  invariant(type.kind === 'struct', 'lower: args is a struct');
  const field = type.struct.fields.find(({ name }) => name === access.field);
  invariant(field !== undefined, `lower: args has no ${access.field}`);
  return readPlace(l, placeOf(l, field.offset), typeOf(l, access));
}

/** Which system call it is. */
export function readCallNumber(l: Lowering): Operand {
  return readInteger(l, placeOf(l, NUMBER_AT), l.arch.systemCalls.number.sizeBytes);
}

function placeOf(l: Lowering, offset: number): RemotePlace {
  const { attach } = l.probe;
  invariant(attach.kind === 'system-calls', 'lower: a program of system calls');
  const { arguments: words, number } = l.arch.systemCalls;
  const inContext = { space: 'context', base: l.b.context, offset: 8 } as const;
  if (attach.phase === 'enter') {
    if (offset === NUMBER_AT) return inContext;
    const word = words[(offset - WORDS_AT) / 8];
    invariant(word !== undefined, `lower: no argument at ${offset}`);
    return inRegisters(l, word);
  }
  return offset === NUMBER_AT ? inRegisters(l, number.offset) : inContext;
}

function inRegisters(l: Lowering, offset: number): RemotePlace {
  return { space: 'kernel', base: l.b.load(8, pointing(l.b.context)), offset };
}

/** What the kernel hands a program: arguments, results, registers; where they are depends on how it is attached. */
import { invariant } from '@bpfleet/bpf/asm';
import type { FunctionSignature, UsdtArgument } from '../target.ts';
import type { Span } from '../source.ts';
import { argumentSpace } from '../probes/argument-space.ts';
import { slotsOf } from '../types/from-c.ts';
import type { AddressSpace, Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';
import { narrow, signExtend } from './narrow.ts';
import { readInteger } from './remote.ts';
import type { RemotePlace } from './value.ts';

/** Where `args` is: the context itself, whose layout the type of `args` describes. */
export function argsPlace(l: Lowering): RemotePlace {
  return { space: 'context', base: l.b.context, offset: 0 };
}

/** What plain numbers point to: user memory where the probe is in a process's code, else the kernel's. */
export function defaultSpace(l: Lowering): AddressSpace {
  return argumentSpace(l.probe);
}

/** A register of `struct pt_regs` by name. */
export function readRegister(l: Lowering, name: string): Operand {
  const offset = l.arch.registers[name];
  invariant(offset !== undefined, `lower: no register ${name}`);
  return l.b.load(8, pointing(l.b.context, offset));
}

/** `argN`: the whole register or slot, whatever the argument's own type. */
export function readArgument(l: Lowering, index: number, span: Span): Operand {
  const { context, usdt } = l.probe;
  if (usdt !== undefined) return readUsdtArgument(l, usdt.args[index], span);
  if (context === 'tracing' || context === 'raw_tracepoint') {
    return l.b.load(8, pointing(l.b.context, index * 8));
  }
  const register = l.arch.arguments[index];
  if (register === undefined) return refuse(span, `arg${index} on ${l.program.target.arch}`);
  return readRegister(l, register);
}

export function readReturnValue(l: Lowering, type: Type): Operand {
  if (l.probe.context !== 'tracing') return narrow(l.b, readRegister(l, l.arch.result), type);
  const slots = signatureOf(l)?.args.reduce((sum, arg) => sum + slotsOf(arg), 0) ?? 0;
  return narrow(l.b, l.b.load(8, pointing(l.b.context, slots * 8)), type);
}

function signatureOf(l: Lowering): FunctionSignature | undefined {
  const { resolved } = l.probe;
  return resolved.kind === 'fentry' || resolved.kind === 'kprobe' ? resolved.signature : undefined;
}

/** 1 where the event interrupted a process in user mode. */
export function readUserMode(l: Lowering): Operand {
  if (l.probe.context === 'none') return 1n;
  const { register, mask, value } = l.arch.userMode;
  const mode = l.b.arithmetic('and', readRegister(l, register), mask);
  const done = l.b.label('mode');
  const result = l.b.copy(1n);
  l.b.branch('eq', mode, value, done);
  l.b.move(result, 0n);
  l.b.place(done);
  return result;
}

function readUsdtArgument(l: Lowering, argument: UsdtArgument | undefined, span: Span): Operand {
  if (argument === undefined) return refuse(span, 'an argument this probe does not have');
  switch (argument.kind) {
    case 'unreadable':
      return refuse(span, argument.reason);
    case 'constant':
      return constantOf(argument);
    case 'register':
      return extend(l, readPart(l, argument.register, argument.bitOffset ?? 0), argument);
    case 'memory': {
      const { base: register, displacement } = argument;
      const base =
        register === undefined
          ? l.b.copy(displacement)
          : l.b.arithmetic('add', readRegister(l, register), displacement);
      if (argument.index !== undefined) {
        const index = readRegister(l, argument.index);
        l.b.apply('add', base, l.b.arithmetic('mul', index, BigInt(argument.scale ?? 1)));
      }
      const place: RemotePlace = { space: 'user', base, offset: 0 };
      return extend(l, readInteger(l, place, argument.size), argument);
    }
  }
}

/** Compilers write constants with a sign even where the argument has none. */
function constantOf({ value, size, signed }: UsdtArgument & { kind: 'constant' }): bigint {
  return signed ? BigInt.asIntN(size * 8, value) : BigInt.asUintN(size * 8, value);
}

function readPart(l: Lowering, register: string, bitOffset: number): Operand {
  const whole = readRegister(l, register);
  return bitOffset === 0 ? whole : l.b.arithmetic('rsh', whole, BigInt(bitOffset));
}

function extend(l: Lowering, operand: Operand, argument: UsdtArgument): Operand {
  const { size, signed } = argument;
  if (signed) return signExtend(l.b, operand, size * 8);
  return narrow(l.b, operand, { kind: 'integer', size, signed: false });
}

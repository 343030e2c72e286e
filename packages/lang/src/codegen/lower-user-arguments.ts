/** Typed arguments of functions in user programs: each from where the calling convention put it. */
import { invariant } from '@bpfleet/bpf/asm';
import type { Span } from '../source.ts';
import type { FieldAccess, Identifier } from '../syntax/ast.ts';
import type { ArgumentPlace, RegisterPart } from '../target.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { AccessSize, Address } from './ir.ts';
import { readRegister } from './lower-context.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, takeMemory, zeroBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { readPlace } from './remote.ts';
import { isScalar } from './type-traits.ts';
import { scalar, type Value } from './value.ts';
import { writeValue } from './write-value.ts';

/** Undefined in probes whose `args` is in the context. */
export function userArguments(l: Lowering): readonly ArgumentPlace[] | undefined {
  const { resolved } = l.probe;
  const args = resolved.kind === 'uprobe' ? resolved.args : undefined;
  return args?.kind === 'known' ? args.places : undefined;
}

/** `args.name` */
export function lowerUserArgument(l: Lowering, { object, field, span }: FieldAccess): Value {
  const type = typeOf(l, object);
  invariant(type.kind === 'struct', 'lower: args is a struct');
  const index = type.struct.fields.findIndex(({ name }) => name === field);
  const found = type.struct.fields[index];
  const place = userArguments(l)?.[index];
  invariant(found !== undefined && place !== undefined, `lower: args has no ${field}`);
  return readArgumentPlace(l, place, found.type, field, span);
}

/** `args` as a whole; false where it is not made of parts. */
export function lowerUserArgumentsInto(l: Lowering, name: Identifier, to: Address): boolean {
  const places = userArguments(l);
  if (places === undefined) return false;
  const type = typeOf(l, name);
  invariant(type.kind === 'struct', 'lower: args is a struct');
  zeroBytes(l, to, type.struct.size);
  type.struct.fields.forEach((field, index) => {
    const place = places[index];
    // What cannot be read stays zero: the others are worth having.
    if (place === undefined || place.kind === 'unreadable') return;
    const value = readArgumentPlace(l, place, field.type, field.name, name.span);
    writeValue(l, value, field.type, at(to, field.offset), field.type);
  });
  return true;
}

function readArgumentPlace(
  l: Lowering,
  place: ArgumentPlace,
  type: Type,
  name: string,
  span: Span,
): Value {
  switch (place.kind) {
    case 'registers':
      return readRegisters(l, place.parts, type);
    case 'stack': {
      const base = l.b.toRegister(readRegister(l, l.arch.stackPointer));
      return readPlace(l, { space: 'user', base, offset: place.offset }, type);
    }
    case 'indirect': {
      const base = l.b.toRegister(readRegister(l, place.register));
      return readPlace(l, { space: 'user', base, offset: 0 }, type);
    }
    case 'unreadable':
      return refuse(span, `reading '${name}', which is passed in a floating-point register`);
  }
}

function readRegisters(l: Lowering, parts: readonly RegisterPart[], type: Type): Value {
  const [first] = parts;
  if (isScalar(type)) {
    return scalar(first === undefined ? 0n : narrow(l.b, readRegister(l, first.register), type));
  }
  const address = takeMemory(l, Math.ceil(sizeOfType(type) / 8) * 8);
  zeroBytes(l, address, sizeOfType(type));
  for (const part of parts) storePart(l, part, address);
  return { kind: 'memory', address };
}

/** A part that is no power of two takes the padding behind it along. */
function storePart(l: Lowering, { register, offset, sizeBytes }: RegisterPart, to: Address): void {
  const size = ([1, 2, 4, 8] as const).find((candidate: AccessSize) => candidate >= sizeBytes) ?? 8;
  l.b.store(size, at(to, offset), readRegister(l, register));
}

/** Reading memory that the program may not reach directly, and the context, which it may. */
import type { HelperName } from '@bpfleet/bpf/asm';
import type { AddressSpace, Type } from '../types/type.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Address, CallArgument, Operand } from './ir.ts';
import { reportFailedRead } from './lower-faults.ts';
import type { Lowering } from './lowering.ts';
import { chunks, copyBytes, pointing, takeMemory } from './memory.ts';
import { narrow } from './narrow.ts';
import { redactParts } from './redaction.ts';
import { isScalar, scalarBytes } from './type-traits.ts';
import { memorySpace, scalar, type RemotePlace, type Value } from './value.ts';

const readers: Readonly<Record<AddressSpace, HelperName>> = {
  kernel: 'probe_read_kernel',
  user: 'probe_read_user',
  either: 'probe_read',
};
const stringReaders: Readonly<Record<AddressSpace, HelperName>> = {
  kernel: 'probe_read_kernel_str',
  user: 'probe_read_user_str',
  either: 'probe_read_str',
};

export function placeAt(place: RemotePlace, offset: number): RemotePlace {
  return { ...place, offset: place.offset + offset };
}

/** The address as a number, for helpers and as the value of pointers. */
export function placeAddress(l: Lowering, place: RemotePlace): number {
  return l.b.addressOf(pointing(place.base, place.offset));
}

/** A struct, array or string stays where it is; a scalar is read. */
export function readPlace(l: Lowering, place: RemotePlace, type: Type): Value {
  return isScalar(type) ? scalar(readScalar(l, place, type)) : { kind: 'remote', place };
}

function readScalar(l: Lowering, place: RemotePlace, type: Type): Operand {
  const size = scalarBytes(type);
  return narrow(l.b, readInteger(l, place, size), type);
}

/** An unsigned integer of so many bytes; 0 where it cannot be read. */
export function readInteger(l: Lowering, place: RemotePlace, size: 1 | 2 | 4 | 8): Operand {
  const address = pointing(place.base, place.offset);
  if (place.space === 'context') {
    // Arguments take 8 bytes each, and the verifier wants them read whole.
    if (l.probe.context !== 'tracepoint') {
      return narrow(l.b, l.b.load(8, address), { kind: 'integer', size, signed: false });
    }
    if (place.offset % size === 0) return l.b.load(size, address);
  }
  const slot = takeMemory(l, 8);
  const read = l.b.call(readerOf(place), slot, BigInt(size), address);
  reportFailedRead(l, readerOf(place), read);
  return l.b.load(size, slot);
}

/** Copies a whole object; zeros where it cannot be read. */
export function readBytes(l: Lowering, to: Address, sizeBytes: number, place: RemotePlace): void {
  const from = pointing(place.base, place.offset);
  const direct = place.space === 'context' && chunks(sizeBytes, [to, from]).length <= 4;
  if (direct) copyBytes(l, to, from, sizeBytes);
  else {
    const read = l.b.call(readerOf(place), to, BigInt(sizeBytes), from);
    reportFailedRead(l, readerOf(place), read);
  }
}

/** Copies text up to its NUL; what the helper returns, NUL included, or an error below 0. */
export function readText(
  l: Lowering,
  to: Address,
  size: Operand,
  from: CallArgument,
  space: AddressSpace,
): number {
  const read = l.b.call(stringReaders[space], to, size, from);
  reportFailedRead(l, stringReaders[space], read);
  return read;
}

export function readObject(l: Lowering, place: RemotePlace, type: Type): Address {
  const to = takeMemory(l, sizeOfType(type));
  readBytes(l, to, sizeOfType(type), place);
  redactParts(l, to, type);
  return to;
}

export function reader(space: AddressSpace): HelperName {
  return readers[space];
}

function readerOf(place: RemotePlace): HelperName {
  return readers[memorySpace(place)];
}

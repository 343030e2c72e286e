/** Values written as a type that may be wider than their own. */
import { sizeOfType } from '../types/layout.ts';
import { sameType } from '../types/promote.ts';
import type { AddressSpace, Type } from '../types/type.ts';
import type { Address, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { at, copyBytes, pointing, storeBytes, zeroBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { readBytes, reader, readText } from './remote.ts';
import { hasPadding, isScalar, scalarBytes } from './type-traits.ts';
import type { Value } from './value.ts';

/** Writes a value of one type as another: wider integers, longer strings, tuples of such. */
export function writeValue(l: Lowering, value: Value, from: Type, to: Address, type: Type): void {
  switch (value.kind) {
    case 'scalar':
      l.b.store(scalarBytes(type), to, value.operand);
      return;
    case 'text':
      storeBytes(l, to, padded(value.bytes, sizeOfType(type)));
      return;
    case 'memory':
      copyValue(l, value.address, from, to, type);
      return;
    case 'remote': {
      const { place } = value;
      if (type.kind !== 'string') {
        readBytes(l, to, sizeOfType(type), place);
        return;
      }
      const size = from.kind === 'string' ? Math.min(from.size, type.size) : type.size;
      zeroBytes(l, to, type.size);
      const space = place.space === 'user' ? 'user' : 'kernel';
      const source = pointing(place.base, place.offset);
      const copied = readText(l, to, BigInt(size), source, space);
      if (from.kind === 'string' && from.array === true)
        readLast(l, copied, size, to, source, space);
      return;
    }
    case 'nothing':
      zeroBytes(l, to, sizeOfType(type));
  }
}

function copyValue(l: Lowering, from: Address, fromType: Type, to: Address, type: Type): void {
  const size = sizeOfType(type);
  const available = sizeOfType(fromType);
  if (isScalar(type) && isScalar(fromType)) {
    const loaded = narrow(l.b, l.b.load(scalarBytes(fromType), from), fromType);
    l.b.store(scalarBytes(type), to, loaded);
    return;
  }
  const isTuple = type.kind === 'tuple' || type.kind === 'record';
  if (isTuple && fromType.kind === type.kind && !sameType(fromType, type)) {
    if (hasPadding(type)) zeroBytes(l, to, size);
    type.fields.forEach((field) => {
      // Members of a tuple are named by their position, those of records may be in another order.
      const source = fromType.fields.find(({ name }) => name === field.name);
      if (source === undefined) return;
      copyValue(l, at(from, source.offset), source.type, at(to, field.offset), field.type);
    });
    return;
  }
  copyBytes(l, to, from, Math.min(size, available));
  if (size > available) zeroBytes(l, at(to, available), size - available);
}

/** Of text that fills its array, the helper put a NUL over the last byte. */
function readLast(
  l: Lowering,
  copied: VirtualRegister,
  size: number,
  to: Address,
  source: Address,
  space: AddressSpace,
): void {
  const full = l.b.label('full');
  const done = l.b.label('text');
  l.b.branch('eq', copied, BigInt(size), full);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(full);
    l.b.call(reader(space), at(to, size - 1), 1n, at(source, size - 1));
    l.b.jump(done);
  });
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size);
  result.set(bytes.subarray(0, Math.max(0, size - 1)));
  return result;
}

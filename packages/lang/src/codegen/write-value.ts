/** Values written as a type that may be wider than their own. */
import { sizeOfType } from '../types/layout.ts';
import { sameType } from '../types/promote.ts';
import type { AddressSpace, Type } from '../types/type.ts';
import type { Address, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { at, copyBytes, MAX_UNROLLED_BYTES, pointing, storeBytes, zeroBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { readBytes, reader, readText } from './remote.ts';
import { redactBytes, redactParts } from './redaction.ts';
import { hasPadding, isScalar, scalarBytes } from './type-traits.ts';
import { memorySpace, type Value } from './value.ts';

/** Writes a value of one type as another: wider integers, longer strings, tuples of such. */
export function writeValue(l: Lowering, value: Value, from: Type, to: Address, type: Type): void {
  switch (value.kind) {
    case 'scalar':
      l.b.store(scalarBytes(type), to, value.operand);
      return;
    case 'text':
      writeText(l, value.bytes, to, sizeOfType(type));
      return;
    case 'memory':
      copyValue(l, value.address, from, to, type);
      return;
    case 'remote': {
      const { place } = value;
      if (type.kind !== 'string') {
        readBytes(l, to, sizeOfType(type), place);
        redactParts(l, to, type);
        return;
      }
      const size = from.kind === 'string' ? Math.min(from.size, type.size) : type.size;
      if (l.program.config.redact) {
        redactBytes(l, to, type.size);
        return;
      }
      zeroBytes(l, to, type.size);
      const space = memorySpace(place);
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

/** What has no room is cut off, so that a NUL ends the text. */
function writeText(l: Lowering, bytes: Uint8Array, to: Address, sizeBytes: number): void {
  const text = bytes.subarray(0, Math.max(0, sizeBytes - 1));
  const storedBytes =
    sizeBytes <= MAX_UNROLLED_BYTES
      ? sizeBytes
      : Math.min(sizeBytes, 8 * Math.ceil((text.length + 1) / 8));
  const stored = new Uint8Array(storedBytes);
  stored.set(text);
  if (storedBytes <= MAX_UNROLLED_BYTES) storeBytes(l, to, stored);
  else {
    const table = { kind: 'map-value', map: l.session.addText(stored), offset: 0 } as const;
    l.b.call('probe_read_kernel', to, BigInt(storedBytes), table);
  }
  if (storedBytes < sizeBytes) zeroBytes(l, at(to, storedBytes), sizeBytes - storedBytes);
}

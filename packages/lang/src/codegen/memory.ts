/** Bytes in memory that the program reaches directly: taking, clearing and copying them. */
import { valueTooBig } from '../diagnostics/messages/limits.ts';
import { CodegenFault } from './codegen-fault.ts';
import type { AccessSize, Address, VirtualRegister } from './ir.ts';
import type { Lowering } from './lowering.ts';

/** Bigger objects leave the stack. */
const MAX_STACK_OBJECT_BYTES = 64;
/** More than this is cheaper to leave to a helper. */
export const MAX_UNROLLED_BYTES = 128;

/** Scratch is memory of each CPU; nobody reads values of more. */
export const MAX_VALUE_BYTES: number = 16 * 1024 * 1024;

/** Memory for a value, 8-byte aligned, until the enclosing `inScope` ends; its contents are random. */
export function takeMemory(l: Lowering, sizeBytes: number): Address {
  if (sizeBytes > MAX_VALUE_BYTES) {
    const { statement = l.probe.body.span, span = statement } = l.place;
    throw new CodegenFault(valueTooBig(span, 'this value', sizeBytes, MAX_VALUE_BYTES));
  }
  const slot = sizeBytes <= MAX_STACK_OBJECT_BYTES ? l.b.temporary(sizeBytes) : undefined;
  return slot ?? l.scratch.take(sizeBytes);
}

/** What `write` takes of stack and scratch is free for others after it. */
export function inScope<Result>(l: Lowering, write: () => Result): Result {
  const mark = l.scratch.mark();
  const result = l.b.scope(write);
  l.scratch.release(mark);
  return result;
}

export function at(address: Address, offset: number): Address {
  return offset === 0 ? address : { ...address, offset: address.offset + offset };
}

export function pointing(register: VirtualRegister, offset = 0): Address {
  return { kind: 'register', register, offset };
}

export function zeroBytes(l: Lowering, to: Address, sizeBytes: number): void {
  if (sizeBytes > MAX_UNROLLED_BYTES) {
    // Reading from the null address fails, and a failed read leaves zeros.
    l.b.call('probe_read_kernel', to, BigInt(sizeBytes), 0n);
    return;
  }
  for (const { offset, size } of chunks(sizeBytes, [to])) l.b.store(size, at(to, offset), 0n);
}

export function copyBytes(l: Lowering, to: Address, from: Address, sizeBytes: number): void {
  const pieces = sizeBytes > MAX_UNROLLED_BYTES ? [] : chunks(sizeBytes, [to, from]);
  if (sizeBytes > MAX_UNROLLED_BYTES || pieces.length * 8 > MAX_UNROLLED_BYTES) {
    l.b.call('probe_read_kernel', to, BigInt(sizeBytes), from);
    return;
  }
  for (const { offset, size } of pieces) {
    l.b.store(size, at(to, offset), l.b.load(size, at(from, offset)));
  }
}

/** Stores known bytes. */
export function storeBytes(l: Lowering, to: Address, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { offset, size } of chunks(bytes.length, [to])) {
    l.b.store(size, at(to, offset), readInteger(view, offset, size));
  }
}

function readInteger(view: DataView, offset: number, size: AccessSize): bigint {
  switch (size) {
    case 1:
      return BigInt(view.getUint8(offset));
    case 2:
      return BigInt(view.getUint16(offset, true));
    case 4:
      return BigInt(view.getUint32(offset, true));
    case 8:
      return view.getBigUint64(offset, true);
  }
}

/** Accesses that cover so many bytes, each aligned in all the places; what registers point to is taken as aligned. */
export function chunks(
  sizeBytes: number,
  places: readonly Address[],
): { readonly offset: number; readonly size: AccessSize }[] {
  const result: { offset: number; size: AccessSize }[] = [];
  for (let offset = 0; offset < sizeBytes;) {
    const size = ([8, 4, 2, 1] as const).find(
      (candidate) =>
        offset + candidate <= sizeBytes &&
        places.every((place) => (place.offset + offset) % candidate === 0),
    );
    result.push({ offset, size: size ?? 1 });
    offset += size ?? 1;
  }
  return result;
}

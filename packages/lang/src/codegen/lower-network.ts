/** Addresses and byte order: `ntop`, `pton`, `macaddr`, `bswap`, `socket_cookie`. */
import { parseAddress } from '../names/network-address.ts';
import type { Call } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { refuse } from './codegen-fault.ts';
import { givenArgument } from './given-pointer.ts';
import type { Address, Operand } from './ir.ts';
import { argument, memorySource } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, copyBytes, storeBytes, zeroBytes } from './memory.ts';
import { reader } from './remote.ts';
import { isScalar } from './type-traits.ts';
import { writeValue } from './write-value.ts';

const AF_INET = 2n;
const AF_INET6 = 10n;
const INET_BYTES = 20;
const MAC_BYTES = 6;

/** `ntop([family,] address)`: a u32 family, then 4 or 16 bytes of address in 16. */
export function lowerInetInto(l: Lowering, call: Call, to: Address): void {
  const address = argument(call, call.arguments.length - 1);
  const type = typeOf(l, address);
  const isLong = sizeOfType(type) === 16;
  const family =
    call.arguments.length > 1 ? l.scalar(argument(call, 0)) : isLong ? AF_INET6 : AF_INET;
  const value = l.value(address);
  zeroBytes(l, to, INET_BYTES);
  l.b.store(4, to, family);
  const place = at(to, 4);
  if (isScalar(type) && value.kind === 'scalar') l.b.store(4, place, value.operand);
  else writeValue(l, value, type, place, type);
}

/** `pton("::1")`: the bytes of an address that is known already. */
export function lowerAddressInto(l: Lowering, call: Call, to: Address): void {
  const text = argument(call, 0);
  const bytes = text.kind === 'string' ? parseAddress(text.value) : undefined;
  storeBytes(l, to, bytes ?? refuse(call.span, 'this pton()'));
}

/** `macaddr(bytes)`: six bytes of an array, or behind a pointer. */
export function lowerMacInto(l: Lowering, call: Call, to: Address): void {
  const bytes = argument(call, 0);
  const type = typeOf(l, bytes);
  const value = isScalar(type) || type.kind === 'array' ? undefined : l.value(bytes);
  if (value?.kind === 'memory') {
    copyBytes(l, to, value.address, MAC_BYTES);
    return;
  }
  const { from, space } = memorySource(l, bytes);
  l.b.call(reader(space), to, BigInt(MAC_BYTES), from);
}

/** `bswap(n)`: the bytes of an integer turned around. */
export function lowerSwap(l: Lowering, call: Call): Operand {
  const value = l.scalar(argument(call, 0));
  switch (sizeOfType(typeOf(l, argument(call, 0)))) {
    case 1:
      return l.b.arithmetic('and', value, 0xffn);
    case 2:
      return l.b.swap(value, 16);
    case 4:
      return l.b.swap(value, 32);
    default:
      return l.b.swap(value, 64);
  }
}

/** `socket_cookie(sock)`: 0 of no socket, which a tracepoint may have in place of one. */
export function lowerSocketCookie(l: Lowering, call: Call): Operand {
  const socket = givenArgument(l, call, 0);
  const result = l.b.copy(0n);
  const none = l.b.label('no_socket');
  l.b.branch('eq', socket, 0n, none);
  l.b.move(result, l.b.call('get_socket_cookie', socket));
  l.b.place(none);
  return result;
}

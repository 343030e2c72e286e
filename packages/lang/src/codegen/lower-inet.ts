/** `ntop([family,] address)`: a u32 family, then 4 or 16 bytes of address in 16. */
import type { Call } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Address } from './ir.ts';
import { argument } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, zeroBytes } from './memory.ts';
import { isScalar } from './type-traits.ts';
import { writeValue } from './write-value.ts';

const AF_INET = 2n;
const AF_INET6 = 10n;
const INET_BYTES = 20;

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

/** `path(struct path *)` and `cgroup_path(id)`. */
import type { Call } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import { givenAddress } from './given-path.ts';
import { givenArgument } from './given-pointer.ts';
import type { Address } from './ir.ts';
import { argument } from './lower-string.ts';
import { typeOf, type Lowering } from './lowering.ts';
import { at, zeroBytes } from './memory.ts';
import { redactBytes } from './redaction.ts';
import { readText } from './remote.ts';
import { sourceLine } from './source-line.ts';

/** The kernel writes the path and its NUL; nothing, where it has none. */
export function lowerPathInto(l: Lowering, call: Call, to: Address, type: Type): void {
  const own = typeOf(l, call);
  if (type.kind !== 'string' || own.kind !== 'string') return;
  if (l.program.config.redact) {
    redactBytes(l, to, type.size);
    return;
  }
  const size = Math.min(own.size, type.size);
  const expression = argument(call, 0);
  zeroBytes(l, to, type.size);
  const none = l.b.label('no_path');
  const pointer = typeOf(l, expression).kind === 'pointer';
  const given = pointer ? undefined : givenAddress(l, expression, none);
  // Put together at the end and moved to the start: what is behind its NUL is left over, and no part of a key.
  const written = l.scratch.take(size);
  const from = given ?? givenArgument(l, call, 0);
  // Of a path that is too long the kernel leaves the end there, and says that it failed.
  l.b.store(1, written, 0n);
  // Not every probe may: the verifier's objection is to this call, not to the statement.
  l.b.within(sourceLine(call.span), () => l.b.call('d_path', from, written, BigInt(size)));
  readText(l, to, BigInt(size), written, 'kernel');
  l.b.place(none);
}

/** The id and a hash of the filter, for the two together have one name. */
export function lowerCgroupPathInto(l: Lowering, call: Call, to: Address): void {
  const type = typeOf(l, call);
  l.b.store(8, to, l.scalar(argument(call, 0)));
  l.b.store(8, at(to, 8), type.kind === 'cgroup-path' ? hashText(type.filter) : 0n);
}

/** FNV-1a, 31 bits of it. */
function hashText(text: string): bigint {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return BigInt(hash >>> 1);
}

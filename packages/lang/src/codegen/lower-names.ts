/** `strerror`, `signal_name` and `syscall_name`: texts by number, in a read-only map. */
import { ERROR_NAMES } from '../names/error-names.ts';
import { SIGNAL_NAMES } from '../names/signal-names.ts';
import { syscallNames } from '../names/syscall-names.ts';
import type { Call } from '../syntax/ast.ts';
import { encodeText } from '@bpfleet/protocol';
import type { Type } from '../types/type.ts';
import type { Address } from './ir.ts';
import { argument } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope, pointing, zeroBytes } from './memory.ts';
import { narrow } from './narrow.ts';
import { INT32 } from '../types/scalars.ts';

const NAME_BYTES = 64;

export function lowerErrorNameInto(l: Lowering, call: Call, to: Address, type: Type): void {
  inScope(l, () => {
    const number = l.b.copy(narrow(l.b, l.scalar(argument(call, 0)), INT32));
    const positive = l.b.label('errno');
    l.b.branch('sge', number, 0n, positive);
    l.b.move(number, l.b.arithmetic('sub', 0n, number));
    l.b.place(positive);
    copyName(l, 'error_names', ERROR_NAMES, 'Unknown error', number, to, type);
  });
}

export function lowerSignalNameInto(l: Lowering, call: Call, to: Address, type: Type): void {
  inScope(l, () => {
    const number = narrow(l.b, l.scalar(argument(call, 0)), INT32);
    copyName(l, 'signal_names', SIGNAL_NAMES, 'N/A', l.b.copy(number), to, type);
  });
}

export function lowerSyscallNameInto(l: Lowering, call: Call, to: Address, type: Type): void {
  inScope(l, () => {
    const number = narrow(l.b, l.scalar(argument(call, 0)), INT32);
    const names = syscallNames(l.program.target.arch);
    copyName(l, 'syscall_names', names, 'Unknown syscall', l.b.copy(number), to, type);
  });
}

/** `unknown` for numbers without a name; it stands behind the last. */
function copyName(
  l: Lowering,
  table: string,
  names: readonly string[],
  unknown: string,
  number: number,
  to: Address,
  type: Type,
): void {
  if (type.kind !== 'string') return;
  l.session.needTable(
    table,
    packNames([...names, ''].map((name) => (name === '' ? unknown : name))),
  );
  const known = l.b.label('named');
  l.b.branch('lt', number, BigInt(names.length), known);
  l.b.move(number, BigInt(names.length));
  l.b.place(known);
  l.b.apply('mul', number, BigInt(NAME_BYTES));
  l.b.apply('add', number, l.b.mapValue(table));
  const size = Math.min(type.size, NAME_BYTES);
  l.b.call('probe_read_kernel', to, BigInt(size), pointing(number));
  if (type.size > size) zeroBytes(l, at(to, size), type.size - size);
}

function packNames(names: readonly string[]): Uint8Array {
  const table = new Uint8Array(names.length * NAME_BYTES);
  names.forEach((name, index) => {
    table.set(encodeText(name).subarray(0, NAME_BYTES - 1), index * NAME_BYTES);
  });
  return table;
}

/** `comm(pid)`: the name of another process, which the kernel finds. */
import type { Call } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import type { Address } from './ir.ts';
import { argument, COMM_BYTES } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { pointing, zeroBytes } from './memory.ts';

/** Its arguments: the pid, and where in `struct task_struct` the name is. Zeros where there is no such process. */
export function lowerTaskCommInto(l: Lowering, call: Call, to: Address, type: Type): void {
  if (type.kind !== 'string') return;
  const pid = l.scalar(argument(call, 0));
  const offset = l.scalar(argument(call, 1));
  zeroBytes(l, to, type.size);
  const task = l.b.call({ kfunc: 'bpf_task_from_pid' }, pid);
  const none = l.b.label('no_task');
  l.b.branch('eq', task, 0n, none);
  const name = pointing(l.b.arithmetic('add', task, offset));
  l.b.call('probe_read_kernel_str', to, BigInt(Math.min(type.size, COMM_BYTES)), name);
  l.b.call({ kfunc: 'bpf_task_release' }, task);
  l.b.place(none);
}

/** `pid` and `tid`, in the tracer's pid namespace unless told otherwise. */
import type { Operand } from './ir.ts';
import type { Lowering } from './lowering.ts';
import { at, takeMemory } from './memory.ts';

export function lowerProcess(l: Lowering, which: 'pid' | 'tid', initial: boolean): Operand {
  const { pidNamespace } = l.program.target;
  if (initial || pidNamespace === undefined) {
    const both = l.b.call('get_current_pid_tgid');
    return which === 'tid' ? l.b.low32(both) : l.b.arithmetic('rsh', both, 32n);
  }
  // struct bpf_pidns_info { u32 pid; u32 tgid; }, zero for processes of other namespaces.
  const info = takeMemory(l, 8);
  l.b.call('get_ns_current_pid_tgid', pidNamespace.dev, pidNamespace.ino, info, 8n);
  return l.b.load(4, which === 'tid' ? info : at(info, 4));
}

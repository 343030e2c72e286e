/** `ctx`: what the kernel hands the probe\'s program, as the C type that the program sees. */
import type { Refusal } from '../probes/probe-kind.ts';
import { pointer, VOID } from '../types/scalars.ts';
import type { Type } from '../types/type.ts';
import type { BuiltinScope } from './builtin-scope.ts';

export function contextType({ probe, types }: BuiltinScope): Type | Refusal {
  const struct = structOf(probe);
  if (struct !== undefined) return pointer(types.named(struct, 'kernel') ?? VOID, 'kernel');
  if (probe.context === 'tracepoint') return { refusal: 'Use args instead of ctx in tracepoint' };
  return { refusal: `The ctx builtin can not be used with '${probe.provider}' probes` };
}

function structOf({ context, provider, name }: BuiltinScope['probe']): string | undefined {
  if (context === 'pt_regs') return 'struct pt_regs';
  if (context === 'perf_event') return 'struct bpf_perf_event_data';
  // iter:task, iter:task:/sys/fs/bpf/pin
  return provider === 'iter' ? `struct bpf_iter__${name.split(':')[1] ?? ''}` : undefined;
}

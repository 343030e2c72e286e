/** Whose memory the numbers that a probe passes point into. */
import type { AddressSpace } from '../types/type.ts';
import type { ProbeDraft } from './probe-kind.ts';
import { probeKindOf } from './registry.ts';

export function argumentSpace({
  provider,
  resolved,
}: Pick<ProbeDraft, 'provider' | 'resolved'>): AddressSpace {
  const isSyscall = resolved.kind === 'tracepoint' && resolved.category === 'syscalls';
  return isSyscall ? 'either' : probeKindOf(provider).space;
}

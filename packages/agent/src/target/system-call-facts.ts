/** What it takes to attach to all system calls at once on this machine. */
import { findMemberPath } from '@bpfleet/bpf/btf';
import { archOf, type ProbeExpansion, type SystemCallFacts } from '@bpfleet/lang';
import type { Machine } from './machine.ts';

/** Undefined where the attach points have no use for it. */
export function systemCallFacts(
  machine: Machine,
  probes: Readonly<Record<string, ProbeExpansion>>,
): SystemCallFacts | undefined {
  if (!Object.values(probes).some(hasManyCalls)) return undefined;
  if (!machine.features.tailCalls) {
    const reason = machine.kernelFeatures.whyNot('tailCalls') ?? 'switched off';
    return { kind: 'unknown', reason };
  }
  const { btf } = machine;
  if (btf === undefined) return { kind: 'unknown', reason: 'no BTF in this kernel' };
  const { member } = archOf(machine.host).systemCalls.foreign;
  const task = btf.findByName('task_struct', 'struct');
  const place = task === undefined ? undefined : findMemberPath(btf, task, ['thread_info', member]);
  if (place === undefined) return { kind: 'unknown', reason: `BTF has no thread_info::${member}` };
  return { kind: 'known', flagsOffset: place.bitOffset / 8 };
}

function hasManyCalls(expansion: ProbeExpansion): boolean {
  if (expansion.kind !== 'found' || expansion.probes.length < 2) return false;
  return expansion.probes.some(
    (probe) => probe.kind === 'tracepoint' && probe.category === 'syscalls',
  );
}

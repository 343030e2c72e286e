/** The iterators of this kernel: for each, BTF has a function `bpf_iter_…` and the struct of its context. */
import type { ParsedAttachPoint, ProbeExpansion } from '@bpfleet/lang';
import type { Machine } from './machine.ts';

const CONTEXT_TYPE = 'bpf_iter__';

export function iteratorNames(machine: Machine): readonly string[] {
  const { btf } = machine;
  if (btf === undefined) return [];
  return [...btf.namesOf('struct')]
    .map(([, name]) => name)
    .filter((name) => name.startsWith(CONTEXT_TYPE))
    .map((name) => name.slice(CONTEXT_TYPE.length))
    .filter((name) => btf.findByName(`bpf_iter_${name}`, 'func') !== undefined)
    .toSorted();
}

export function findIterator(
  { iterator }: Extract<ParsedAttachPoint, { kind: 'iter' }>,
  machine: Machine,
): ProbeExpansion {
  if (iteratorNames(machine).includes(iterator)) {
    return { kind: 'found', probes: [{ kind: 'iter', iterator }] };
  }
  return { kind: 'refused', message: `iter ${iterator} not available for your kernel version.` };
}

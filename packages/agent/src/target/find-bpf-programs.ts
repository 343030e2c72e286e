/** `fentry:bpf:…`: functions of the BPF programs that the kernel has loaded. */
import { functionsOfProgram, programIds } from '@bpfleet/bpf';
import type { ParsedAttachPoint, ProbeExpansion, ResolvedProbe } from '@bpfleet/lang';
import type { Machine } from './machine.ts';
import { nearNames } from './near-names.ts';
import { matcher } from './wildcard.ts';

export interface BpfFunction {
  readonly id: number;
  readonly name: string;
}

type ProgramPoint = Extract<ParsedAttachPoint, { kind: 'bpf-program' }>;

export function findBpfPrograms(point: ProgramPoint, machine: Machine): ProbeExpansion {
  const matches = matcher(point.name);
  const all = [...bpfFunctions(machine)];
  const probes = all
    .filter(({ id, name }) => (point.id === undefined || point.id === id) && matches(name))
    .map((one): ResolvedProbe => ({ kind: 'bpf-program', ...one }));
  if (probes.length > 0) return { kind: 'found', probes };
  const names = all.map(({ name }) => name);
  return { kind: 'missing', near: nearNames(point.name, names) };
}

/** Those that have names. */
export function* bpfFunctions({ calls }: Machine): Generator<BpfFunction> {
  for (const id of programIds(calls)) {
    for (const { name } of functionsOfProgram(calls, id)) {
      if (name !== '') yield { id, name };
    }
  }
}

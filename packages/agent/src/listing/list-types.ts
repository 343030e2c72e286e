/** `-l 'struct task_*'`: the structs, unions and enums of the kernel, with `-v` as C. */
import { cDefinition } from '@bpfleet/bpf/btf';
import type { Machine } from '../target/machine.ts';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe } from './probe-lister.ts';

export function* listTypes(
  machine: Machine,
  pattern: string,
  withDefinition: boolean,
): Generator<ListedProbe> {
  const { btf } = machine;
  if (btf === undefined) return;
  const [keyword = '', ...words] = pattern.split(' ');
  const kind = keyword === 'union' ? 'union' : keyword === 'enum' ? 'enum' : 'struct';
  const matches = matcher(words.join(' '));
  const names = new Map<string, number>();
  for (const [id, name] of btf.namesOf(kind)) if (matches(name)) names.set(name, id);
  for (const [name, id] of [...names].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const text = withDefinition ? `vmlinux: ${cDefinition(btf, id)}` : `${keyword} ${name}`;
    yield { name: text.trimEnd(), parameters: () => [] };
  }
}

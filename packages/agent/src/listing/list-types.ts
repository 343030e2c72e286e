/** `-l 'struct task_*'`: the structs, unions and enums of the kernel and its modules, with `-v` as C. */
import { cDefinition, type Btf } from '@bpfleet/bpf/btf';
import { loadedModules } from '../target/kernel-functions.ts';
import type { Machine } from '../target/machine.ts';
import { matcher, type Matcher } from '../target/wildcard.ts';
import type { ListedProbe } from './probe-lister.ts';

type Keyword = 'struct' | 'union' | 'enum';

/** What the kernel itself has is not told again for its modules. */
export function* listTypes(
  machine: Machine,
  pattern: string,
  withDefinition: boolean,
): Generator<ListedProbe> {
  const [written = '', ...words] = pattern.split(' ');
  const keyword: Keyword = written === 'union' ? 'union' : written === 'enum' ? 'enum' : 'struct';
  const matches = matcher(words.join(' '));
  const modulesOf = new Map<string, string[]>();
  for (const module of ['vmlinux', ...loadedModules()]) {
    const btf = machine.moduleBtf(module);
    if (btf === undefined) continue;
    const texts = withDefinition
      ? definitions(btf, keyword, matches)
      : named(btf, keyword, matches).map(([, name]) => `${keyword} ${name}`);
    for (const text of new Set(texts)) {
      const known = modulesOf.get(text);
      if (known === undefined) modulesOf.set(text, [module]);
      else if (known[0] !== 'vmlinux') known.push(module);
    }
  }
  for (const text of [...modulesOf.keys()].toSorted()) {
    if (!withDefinition) yield { name: text, parameters: () => [] };
    else {
      for (const module of modulesOf.get(text) ?? []) {
        yield { name: `${module}: ${text}\n`, parameters: () => [] };
      }
    }
  }
}

function named(
  btf: Btf,
  keyword: Keyword,
  matches: Matcher,
): readonly (readonly [number, string])[] {
  return [...btf.namesOf(keyword)].filter(([, name]) => matches(name));
}

/** Where one name means several types, the later ones get a number: `struct entry___2`. */
function* definitions(btf: Btf, keyword: Keyword, matches: Matcher): Generator<string> {
  const counts = new Map<string, number>();
  for (const [id, name] of named(btf, keyword, matches)) {
    const text = cDefinition(btf, id);
    if (text === undefined) continue;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const head = `${keyword} ${name}`;
    yield count === 1 ? text : `${head}___${count}${text.slice(head.length)}`;
  }
}

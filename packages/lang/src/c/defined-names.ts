/** The names that a program's own C gives a meaning in its probes, for checks that know no machine. */
import type { ProgramFiles } from '@bpfleet/protocol';
import type { CDefinition } from '../syntax/ast.ts';
import { readC } from './read-c.ts';

/** What the preprocessor leaves out for one machine it may keep for another, so faults are left to the machines. */
export function definedNames(
  definitions: readonly CDefinition[],
  files: ProgramFiles,
): (name: string) => boolean {
  const target = { arch: 'x86_64', kernelRelease: '6.0.0', pageSize: 4096, hasBtf: true } as const;
  const c = readC({ definitions, files, target }, () => {});
  const names = enumeratorsOf(c);
  return (name) => names.has(name) || c.macros.has(name);
}

export function enumeratorsOf({
  declarations,
}: Pick<ReturnType<typeof readC>, 'declarations'>): ReadonlySet<string> {
  const enumerators = [...declarations.enums.values()].flatMap((one) => one.enumerators);
  return new Set(enumerators.map(({ name }) => name));
}

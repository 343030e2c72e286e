/** The kernel functions that a kprobe or fentry may be attached to. */
import { readFileSync } from 'node:fs';
import type { Kallsyms, Tracefs } from '@bpfleet/bpf';

/**
 * Reads kallsyms only where ftrace does not give its list. Throws when `path` cannot be read.
 *
 * @param path of a file that stands for ftrace's list
 */
export function readTraceableFunctions(
  tracefs: Tracefs,
  kallsyms: () => Kallsyms,
  path?: string,
): ReadonlySet<string> {
  if (path !== undefined) return functionNames(readFileSync(path, 'utf8'));
  const list = tracefs.availableFilterFunctions();
  if (list === undefined || list === '') {
    return new Set([...kallsyms().functions()].map((symbol) => symbol.name));
  }
  return functionNames(list);
}

/** A line is a name, and the module's in brackets. */
function functionNames(list: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const line of list.split('\n')) {
    const name = line.split(' ', 1)[0];
    if (name !== undefined && name !== '') names.add(name);
  }
  return names;
}

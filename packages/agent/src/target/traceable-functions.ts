/** The kernel functions that a kprobe or fentry may be attached to. */
import type { Kallsyms, Tracefs } from '@bpfleet/bpf';

/** Reads kallsyms only where ftrace does not give its list. */
export function readTraceableFunctions(
  tracefs: Tracefs,
  kallsyms: () => Kallsyms,
): ReadonlySet<string> {
  const list = tracefs.availableFilterFunctions();
  if (list === undefined || list === '') {
    return new Set([...kallsyms().functions()].map((symbol) => symbol.name));
  }
  const names = new Set<string>();
  for (const line of list.split('\n')) {
    const name = line.split(' ', 1)[0];
    if (name !== undefined && name !== '') names.add(name);
  }
  return names;
}

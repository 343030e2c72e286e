/** Names of kernel maps: those of the program as bpftrace gives them (`AT_start`), made short and distinct. */

/** What the kernel keeps of a name. */
const MAX_LENGTH = 15;

/** Kernel names by the program's names. */
export function mapNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(names.map((name) => [name, distinct(`AT_${name.slice(1)}`, taken)]));
}

function distinct(name: string, taken: Set<string>): string {
  let candidate = name.slice(0, MAX_LENGTH);
  for (let number = 2; taken.has(candidate); number++) {
    const suffix = `_${number}`;
    candidate = name.slice(0, MAX_LENGTH - suffix.length) + suffix;
  }
  taken.add(candidate);
  return candidate;
}

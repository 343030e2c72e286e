/** CPU lists as the kernel writes them: `0-1,4`. */

/** NR_CPUS is at most 8192 (arch/x86/Kconfig of v6.12), 4096 on arm64. */
const MAX_CPUS = 1 << 16;

/** The numbers in such a list, ascending. Throws on text of another form, and on numbers that no kernel has. */
export function parseCpuList(text: string): number[] {
  const cpus: number[] = [];
  for (const range of text.trim().split(',')) {
    if (range === '') continue;
    const match = /^(\d+)(?:-(\d+))?$/.exec(range);
    const isList = match !== null && Number(match[2] ?? match[1]) < MAX_CPUS;
    if (!isList || cpus.length >= MAX_CPUS)
      throw new Error(`parse CPU list: unexpected ${JSON.stringify(range)}`);
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    for (let cpu = first; cpu <= last; cpu += 1) cpus.push(cpu);
  }
  return cpus;
}

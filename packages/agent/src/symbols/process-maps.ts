/** Mappings of a process, from the text of `/proc/PID/maps` (proc(5)). */

export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  readonly executable: boolean;
  /** Offset in the file at which the mapping begins, bytes. */
  readonly fileOffset: bigint;
  /** Path as the process sees it; `[vdso]` and the like for mappings without a file. */
  readonly path: string;
  /** `device:inode`, the same for every process that maps this file. */
  readonly file: string;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) (\S+) (\d+) *(.*)$/;

/** Malformed lines and mappings that nobody can read or run are left out. */
export function parseProcessMaps(text: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    const [read, , execute] = match?.[3] ?? '';
    if (match === null || (read !== 'r' && execute !== 'x')) continue;
    mappings.push({
      start: BigInt(`0x${match[1]}`),
      end: BigInt(`0x${match[2]}`),
      executable: execute === 'x',
      fileOffset: BigInt(`0x${match[4]}`),
      path: match[7] ?? '',
      file: `${match[5]}:${match[6]}`,
    });
  }
  return mappings;
}

/** The mapping that holds `address`. Mappings are sorted by address, as the kernel lists them. */
export function findMapping(mappings: readonly Mapping[], address: bigint): Mapping | undefined {
  let low = 0;
  let high = mappings.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const mapping = mappings[middle];
    if (mapping === undefined) return undefined;
    if (address < mapping.start) high = middle - 1;
    else if (address >= mapping.end) low = middle + 1;
    else return mapping;
  }
  return undefined;
}

/** Reads tables of system calls: names in the order of their numbers, `-` where there is none. */

/** Rows of consecutive numbers, each with the first. */
export function numbersOf(
  rows: readonly (readonly [first: number, names: string])[],
): ReadonlyMap<string, number> {
  return new Map(
    rows.flatMap(([first, names]) =>
      names
        .trim()
        .split(/\s+/)
        .flatMap((name, index) => (name === '-' ? [] : [[name, first + index] as const])),
    ),
  );
}

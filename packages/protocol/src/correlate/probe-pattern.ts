/** Attach points and wildcards: which of them a pattern means. */

/** `all` of them, `some`, or `none`; `some` also where one is a wildcard that stands for others besides. */
export type Match = 'all' | 'some' | 'none';

export function matchProbes(pattern: string, probes: readonly string[]): Match {
  const whole = probes.filter((probe) => covers(pattern, probe)).length;
  if (whole > 0 && whole === probes.length) return 'all';
  return whole > 0 || probes.some((probe) => overlap(pattern, probe)) ? 'some' : 'none';
}

/** Everything that `probe` may stand for is meant by `pattern`; both may have `*`. */
function covers(pattern: string, probe: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(probe);
}

/** There is a text that both stand for. */
function overlap(a: string, b: string): boolean {
  let row = new Set([0]);
  const closed = (places: Set<number>): Set<number> => {
    for (const place of places) if (b[place] === '*') places.add(place + 1);
    return places;
  };
  row = closed(row);
  for (const character of a) {
    const next = new Set<number>();
    for (const place of row) {
      if (character === '*') for (let to = place; to <= b.length; to += 1) next.add(to);
      else if (b[place] === '*') next.add(place);
      else if (b[place] === character) next.add(place + 1);
    }
    row = closed(next);
  }
  return row.has(b.length);
}

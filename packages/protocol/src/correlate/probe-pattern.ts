/** Which events a definition means: those of attach points that a pattern fits. */

/** `?` stands for one character and `*` for any number of them. */
export function fits(pattern: string, probe: string): boolean {
  return pattern === probe || globExpression(pattern).test(probe);
}

export type Selection = 'all' | 'some' | 'none';

/** Of the attach points that an event may come from. */
export function selection(pattern: string, probes: readonly string[]): Selection {
  // Asked of every event.
  if (probes.length === 1) return fits(pattern, probes[0] ?? '') ? 'all' : 'none';
  const fitting = probes.filter((probe) => fits(pattern, probe)).length;
  if (fitting === 0) return 'none';
  return fitting === probes.length ? 'all' : 'some';
}

const expressions = new Map<string, RegExp>();
const MAX_KEPT = 256;

function globExpression(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .split(/([*?])/)
    .map((part) => {
      if (part === '*') return '.*';
      return part === '?' ? '.' : part.replaceAll(/[^\w]/g, String.raw`\$&`);
    })
    .join('');
  const expression = new RegExp(`^${source}$`);
  if (expressions.size >= MAX_KEPT) expressions.clear();
  expressions.set(pattern, expression);
  return expression;
}

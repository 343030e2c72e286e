/** Whether the matches of a wildcard can share a program. */
import type { Probe } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

/** `probe` is a name of its own for each match, and `args` has a type of its own. */
export function needsEachMatch(probe: Probe): boolean {
  let needs = false;
  walk(probe, {
    enter: (node) => {
      needs ||= node.kind === 'identifier' && (node.name === 'probe' || node.name === 'args');
    },
  });
  return needs;
}

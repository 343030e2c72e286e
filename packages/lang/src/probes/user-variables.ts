/** The symbols that a probe in a user program can name. */
import type { ResolvedProbe, UserVariables } from '../target.ts';

export function variablesOf(probe: ResolvedProbe): UserVariables | undefined {
  return probe.kind === 'uprobe' || probe.kind === 'usdt' ? probe.variables : undefined;
}

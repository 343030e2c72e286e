/** The program's own functions belong to no probe. */
import type { ProbeDraft } from '../probes/probe-kind.ts';

/** What is known of the probe in a function: nothing, for all kinds of probes may call it. */
export const NO_PROBE: ProbeDraft = {
  name: '',
  provider: 'begin',
  resolved: { kind: 'builtin' },
  attach: { kind: 'begin' },
  context: 'none',
};

export function isOutsideProbe(draft: ProbeDraft): boolean {
  return draft === NO_PROBE;
}

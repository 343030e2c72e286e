/** What the kernel itself objects to when a program is loaded. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

/** `omittedLines` of the verifier's log are not in `reason`. */
export function refusedByVerifier(
  span: Span | undefined,
  probe: string,
  reason: string,
  omittedLines: number,
): Diagnostic {
  const hint =
    omittedLines === 0
      ? undefined
      : `bpfleet local -v shows the verifier's log (${omittedLines} more lines).`;
  const message = `The kernel's verifier refuses the program of ${probe}: ${reason}`;
  const tooMuch = /too (large|complex)/.test(reason)
    ? 'Spread the work over several probes, or put what repeats into a loop.'
    : undefined;
  return error('refused-by-verifier', span, message, [tooMuch, hint]);
}

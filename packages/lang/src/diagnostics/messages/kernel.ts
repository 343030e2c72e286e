/** What the kernel says when it refuses a program. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { error } from './message.ts';

export interface Refusal {
  /** Such as `begin`; empty for a program of the compiler's own. */
  readonly probe: string;
  /** What the verifier objects to. */
  readonly reason: string;
}

/** No program that the compiler accepts should come to this. `logEnd` are the last lines that the verifier wrote. */
export function refusedByVerifier(
  span: Span | undefined,
  { probe, reason }: Refusal,
  version: string,
  logEnd: readonly string[],
): Diagnostic {
  const log = logEnd.map((line) => `\n    ${line}`).join('');
  return error(
    'refused-by-verifier',
    span,
    `The kernel's verifier refuses the program of ${probe}: ${reason}`,
    [
      `This is a bug of bpfleet ${version}, not of your program. Please report it with the program and what \`bpfleet local -v\` prints.`,
      log === '' ? undefined : `The verifier's last lines:${log}`,
    ],
  );
}

/** `span` is the head of the loop. */
export function endlessLoop(span: Span | undefined, { probe, reason }: Refusal): Diagnostic {
  return error(
    'endless-loop',
    span,
    `This loop has no end that the kernel's verifier can see, so it refuses the program of ${probe}: ${reason}`,
    ['Change in each turn what the condition reads, or count: `for ($i : 0..100) { … }`.'],
  );
}

/** `span` is where the verifier gave up; in a loop, the loop's head. */
export function tooComplex(
  span: Span | undefined,
  { probe, reason }: Refusal,
  isLoop: boolean,
): Diagnostic {
  const hint = isLoop
    ? 'Let the loop turn fewer times, or do less in each turn.'
    : 'Spread the work over several probes, or put what repeats into a loop.';
  return error(
    'too-complex',
    span,
    `The program of ${probe} takes more steps than the kernel's verifier follows: ${reason}`,
    [hint],
  );
}

/** `span` is the call that needs the helper, such as `bpf_d_path`; the kernel allows it in some functions only. */
export function helperNotAllowed(span: Span | undefined, helper: string): Diagnostic {
  return error('helper-not-allowed', span, `helper ${helper} not allowed in probe`);
}

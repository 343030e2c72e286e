/** What can be wrong with attach points. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { didYouMean, error, warning } from './message.ts';

export function badAttachPoint(span: Span, message: string, hint?: string): Diagnostic {
  return error('bad-attach-point', span, message, [hint]);
}

export function unknownProvider(
  span: Span,
  provider: string,
  near: string | undefined,
): Diagnostic {
  return error('unknown-probe-type', span, `Invalid probe type: ${provider}`, [didYouMean(near)]);
}

/** `fatal`: the `missing_probes` setting asks for an error rather than a warning. */
export function probeNotFound(
  span: Span,
  probe: string,
  near: readonly string[],
  fatal: boolean,
): Diagnostic {
  const hint = didYouMeanOne(near);
  const message = `No matches for ${probe}.`;
  return fatal
    ? error('probe-not-found', span, message, [hint])
    : warning('probe-not-found', span, `${message} Skipping.`, [hint]);
}

/** It is known beforehand that attaching will fail; `reason` has no place, as when attaching itself fails. */
export function cannotAttach(
  span: Span,
  probe: string,
  reason: string,
  fatal: boolean,
): readonly Diagnostic[] {
  const make = (at: Span | undefined, message: string): Diagnostic =>
    fatal ? error('cannot-attach', at, message) : warning('cannot-attach', at, message);
  const then = fatal
    ? "If this is expected, set the 'missing_probes' config variable to 'warn'."
    : 'Skipping.';
  return [make(undefined, reason), make(span, `Unable to attach probe: ${probe}. ${then}`)];
}

/** None of what a block is attached to exists. */
export function noAttachPoints(span: Span, near: readonly string[], fatal: boolean): Diagnostic {
  const message = 'Probe has no valid attach points.';
  const hint = didYouMeanOne(near);
  return fatal
    ? error(
        'no-attach-points',
        span,
        `${message} If this is expected, set the 'missing_probes' config variable to 'warn'.`,
        [hint],
      )
    : warning(
        'no-attach-points',
        span,
        `${message} It is being removed which may cause issues with program behavior.`,
        [hint],
      );
}

function didYouMeanOne(names: readonly string[]): string | undefined {
  const candidates = names.map((name) => `'${name}'`);
  return candidates.length === 0 ? undefined : `Did you mean ${candidates.join(' or ')}?`;
}

/** Something about an attach point that need not be wrong. */
export function doubtfulProbe(span: Span, message: string): Diagnostic {
  return warning('doubtful-probe', span, message);
}

/** The kernel cannot attach such probes at all. */
export function probeRefused(span: Span, message: string, hint?: string): Diagnostic {
  return error('probe-refused', span, message, [hint]);
}

export function tooManyProbes(count: number, limit: number): Diagnostic {
  return error(
    'too-many-probes',
    undefined,
    `Can't attach to ${count} probes because it exceeds the current limit of ${limit} probes.\n` +
      'You can increase the limit through the BPFTRACE_MAX_PROBES environment variable, but BE CAREFUL ' +
      'since a high number of probes attached can cause your system to crash.',
  );
}

export function tooManyPrograms(span: Span, count: number, limit: number): Diagnostic {
  return error(
    'too-many-probes',
    span,
    `Your program is trying to generate more than ${count} BPF programs, which exceeds the current limit of ${limit}`,
    ['You can increase the limit through the BPFTRACE_MAX_BPF_PROGS environment variable.'],
  );
}

/** `earlier`: the probe that has the name already. */
export function trialNameTaken(
  span: Span,
  provider: 'test' | 'bench',
  name: string,
  earlier: Span,
): Diagnostic {
  return {
    ...error(
      'probe-name-taken',
      span,
      `"${name}" was used as the name for more than one ${provider.toUpperCase()} probe`,
    ),
    labels: [{ span: earlier, message: 'this is the other instance' }],
  };
}

export function noProbes(span: Span | undefined): Diagnostic {
  return error('no-probes', span, 'No probes to attach');
}

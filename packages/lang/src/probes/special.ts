/** begin, end and self: programs that the tracer runs by hand. */
import type { ParsedAttachPoint } from './attach-point.ts';
import { wrongPartCount } from './probe-kind.ts';
import type { ProbeDraft, ProbeKind } from './probe-kind.ts';

function special(provider: 'begin' | 'end'): ProbeKind {
  return {
    name: provider,
    aliases: [],
    lookedUp: false,
    space: 'kernel',
    has: {},
    parse: (parts) =>
      parts.length === 0 || (parts.length === 1 && parts[0] === '*')
        ? { kind: 'special', provider }
        : wrongPartCount(provider, parts.length, 0),
    expand: (_point, resolved) => [
      { name: provider, provider, resolved, attach: { kind: provider }, context: 'none' },
    ],
  };
}

const SIGNALS = ['SIGUSR1'];

const self: ProbeKind = {
  name: 'self',
  aliases: [],
  lookedUp: false,
  space: 'kernel',
  has: {},
  parse: ([trigger, signal, ...rest]) => {
    if (trigger === undefined || signal === undefined || rest.length > 0) {
      const found = trigger === undefined ? 0 : signal === undefined ? 1 : 2 + rest.length;
      return wrongPartCount('self', found, 2);
    }
    if (trigger !== 'signal') return { refusal: `${trigger} is not a supported trigger` };
    if (!SIGNALS.includes(signal)) return { refusal: `${signal} is not a supported signal` };
    return { kind: 'signal', provider: 'self', signal };
  },
  expand: (point, resolved) => (point.kind === 'signal' ? [selfDraft(point, resolved)] : []),
};

function selfDraft(
  { signal }: Extract<ParsedAttachPoint, { kind: 'signal' }>,
  resolved: ProbeDraft['resolved'],
): ProbeDraft {
  return {
    name: `self:signal:${signal}`,
    provider: 'self',
    resolved,
    attach: { kind: 'self-signal', signal },
    context: 'none',
  };
}

export const specialKinds: readonly ProbeKind[] = [special('begin'), special('end'), self];

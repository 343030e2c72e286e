/** begin, end, self, test and bench: programs that the tracer runs by hand. */
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

function trial(provider: 'test' | 'bench'): ProbeKind {
  return {
    name: provider,
    aliases: [],
    lookedUp: false,
    space: 'kernel',
    has: {},
    parse: ([name, ...rest]) => {
      if (name === undefined || rest.length > 0) {
        return wrongPartCount(provider, name === undefined ? 0 : 1 + rest.length, 1);
      }
      if (name === '') return { refusal: `${provider} probes must have a name` };
      return { kind: 'trial', provider, name };
    },
    expand: (point, resolved) => {
      if (point.kind !== 'trial') return [];
      const { name } = point;
      return [
        {
          name: `${provider}:${name}`,
          provider,
          resolved,
          attach: { kind: provider, name },
          context: 'none',
        },
      ];
    },
  };
}

export const specialKinds: readonly ProbeKind[] = [
  special('begin'),
  special('end'),
  self,
  trial('test'),
  trial('bench'),
];

/**
 * A kprobe and the one kretprobe on the same functions become the halves of one program that the kernel runs at both: one
 * link in place of two, and one entry of the function in the kernel's tables.
 */
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Target } from '../target.ts';
import type { ExpandedProbe } from './dispatch-system-calls.ts';

export function joinSessions(
  probes: readonly ExpandedProbe[],
  target: Target,
): readonly ExpandedProbe[] {
  const entries = probes.filter((one) => functionsOf(one, 'kprobe') !== undefined);
  if (entries.length === 0) return probes;
  const joined = new Map<ExpandedProbe, ExpandedProbe>();
  for (const entry of entries) {
    const functions = functionsOf(entry, 'kprobe');
    const matches = probes.filter(
      (other) => !joined.has(other) && functionsOf(other, 'kretprobe') === functions,
    );
    const [other] = matches;
    if (other === undefined || matches.length > 1) continue;
    // Not before there is something to join: the kernel is asked when the feature is looked at.
    if (!target.features.kprobeMulti || !target.features.kprobeSession) return probes;
    const number = joined.size;
    joined.set(entry, half(entry, { number, at: 'entry' }));
    joined.set(other, half(other, { number, at: 'return' }));
  }
  return probes.map((probe) => joined.get(probe) ?? probe);
}

/** As it was written, where one attach point stands for functions and nothing but them. */
function functionsOf(
  { item, drafts }: ExpandedProbe,
  provider: 'kprobe' | 'kretprobe',
): string | undefined {
  const [draft] = drafts;
  if (item.attachPoints.length !== 1 || drafts.length !== 1) return undefined;
  if (draft?.provider !== provider || draft.resolved.kind !== 'kprobe') return undefined;
  const { attach } = draft;
  switch (attach.kind) {
    case 'kprobe-multi':
      return draft.resolved.function;
    case 'kprobe': {
      const plain = attach.offset === 0 && attach.address === undefined;
      return plain && attach.module === undefined ? attach.function : undefined;
    }
    default:
      return undefined;
  }
}

function half(
  { item, drafts }: ExpandedProbe,
  session: NonNullable<ProbeDraft['session']>,
): ExpandedProbe {
  return {
    item,
    drafts: drafts.map((draft) => ({
      ...draft,
      attach: { kind: 'kprobe-session', functions: namesOf(draft.attach) },
      session,
      ...(session.at === 'return' ? { count: 0 } : {}),
    })),
  };
}

function namesOf(attach: ProbeDraft['attach']): readonly string[] {
  if (attach.kind === 'kprobe-multi') return attach.functions;
  return attach.kind === 'kprobe' ? [attach.function] : [];
}

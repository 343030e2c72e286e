/**
 * Tracepoints by raw tracepoints. A perf event that is closed waits for the kernel, one after the other, tens of milliseconds
 * each; a raw tracepoint does not. So what a wildcard matches is attached in this way, where the program sees no difference.
 */
import { isSwitchedOff, lacking } from '../probes/lacking.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Program } from '../syntax/ast.ts';
import type { Target } from '../target.ts';
import type { ExpandedProbe } from './dispatch-system-calls.ts';
import { sharingOf } from './sharing.ts';
import { usesEvent } from './uses-event.ts';

/** As many perf events are given back in a fraction of a second. */
const WORTH_WHILE = 8;

export function byRawTracepoints(
  program: Program,
  probes: readonly ExpandedProbe[],
  target: Target,
): { readonly probes: readonly ExpandedProbe[]; readonly refusals: readonly string[] } {
  const functions = program.items.filter((item) => item.kind === 'subprogram');
  const refusals: string[] = [];
  const left = new Set<string>();
  const willing = probes.filter((probe) => {
    const names = probe.drafts.flatMap(eventOf);
    if (names.length === 0) return false;
    const used = [probe.item, ...functions]
      .map((one) => usesEvent(one, false))
      .find((name) => name !== undefined);
    const refusal = used === undefined ? refuse(probe, target) : `the program uses '${used}'`;
    const few = names.length < WORTH_WHILE;
    if (refusal !== undefined && !few) {
      refusals.push(`tracepoint: ${names.length} probes by one perf event each: ${refusal}`);
    }
    if (few || refusal !== undefined) for (const name of names) left.add(name);
    return !few && refusal === undefined;
  });
  // Programs of one event run in the order of the source: all are attached in the same way.
  const convert = (draft: ProbeDraft): ProbeDraft => {
    const [name] = eventOf(draft);
    return name === undefined || left.has(name) ? draft : raw(draft);
  };
  return {
    probes: probes.map((probe) =>
      willing.includes(probe) ? { ...probe, drafts: probe.drafts.map(convert) } : probe,
    ),
    refusals,
  };
}

function refuse({ item, drafts }: ExpandedProbe, target: Target): string | undefined {
  const { features } = target;
  if (!drafts.some(({ resolved }) => resolved.kind === 'tracepoint' && resolved.raw === true)) {
    return 'no raw tracepoints in this kernel';
  }
  if (!features.rawTracepointGuard) {
    return isSwitchedOff('rawTracepointGuard', target)
      ? 'guarded raw tracepoints are switched off'
      : 'raw tracepoints in this kernel let programs in that are running already';
  }
  return sharingOf(item) === 'named' && !features.rawTracepointCookie
    ? `'probe' by raw tracepoints takes a program for each: ${lacking('cookies', 'rawTracepointCookie', target)}`
    : undefined;
}

/** None where it cannot be had by a raw tracepoint, or is attached in another way already. */
function eventOf({ resolved, attach }: ProbeDraft): readonly string[] {
  if (resolved.kind !== 'tracepoint' || attach.kind !== 'tracepoint') return [];
  return resolved.category === 'syscalls' ? [] : [resolved.event];
}

function raw(draft: ProbeDraft): ProbeDraft {
  const { resolved } = draft;
  if (resolved.kind !== 'tracepoint' || resolved.raw !== true) return draft;
  return {
    ...draft,
    attach: { kind: 'rawtracepoint', event: resolved.event },
    context: 'raw_tracepoint',
  };
}

/** What -v says of how probes are attached, where there is a choice: what was chosen, and why. */
import { fentryRefused } from '../probes/fentry.ts';
import { lacking } from '../probes/lacking.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { SingleAttach, SystemCallPhase } from '../session-spec.ts';
import type { Target } from '../target.ts';
import type { ExpandedProbe } from './dispatch-system-calls.ts';
import { sharingOf } from './sharing.ts';

export function attachChoices(probes: readonly ExpandedProbe[], target: Target): readonly string[] {
  const choices = probes.flatMap((expanded) => [
    ...standIns(expanded, target),
    ...calls(expanded),
    ...rawTracepoints(expanded),
    ...oneByOne(expanded, target),
    ...expanded.drafts.flatMap(multiLink),
  ]);
  return [...new Set(choices)];
}

function standIns({ drafts }: ExpandedProbe, target: Target): readonly string[] {
  return drafts.flatMap(({ name, provider, context }) => {
    const back = { fentry: 'kprobe', fexit: 'kretprobe' }[provider];
    if (back !== undefined && context === 'pt_regs') {
      return [`${name}: by ${back}: ${fentryRefused(target)}`];
    }
    if (context !== 'tracing') return [];
    const by = { kprobe: 'fentry', kretprobe: 'fexit' }[provider];
    return by === undefined ? [] : [`${name}: by ${by}: ${lacking('kprobes', 'kprobe', target)}`];
  });
}

function calls({ drafts }: ExpandedProbe): readonly string[] {
  const counts = new Map<SystemCallPhase, number>();
  for (const { attach } of drafts) {
    if (attach.kind !== 'system-calls') continue;
    counts.set(attach.phase, (counts.get(attach.phase) ?? 0) + attach.calls.length);
  }
  return [...counts].map(
    ([phase, count]) =>
      `tracepoint:syscalls:sys_${phase}_*: ${count} probes by raw tracepoint sys_${phase}: ` +
      'that many perf events take long to give back',
  );
}

function rawTracepoints({ drafts }: ExpandedProbe): readonly string[] {
  const count = drafts
    .filter(({ provider }) => provider === 'tracepoint')
    .flatMap(({ attach }) => placesOf(attach, 'rawtracepoint')).length;
  if (count === 0) return [];
  return [
    `tracepoint: ${count} probes by raw tracepoints: that many perf events take long to give back`,
  ];
}

function multiLink({ name, attach, session }: ProbeDraft): readonly string[] {
  if (session !== undefined) {
    return session.at === 'entry' ? [`${name}: entry and return by one program and one link`] : [];
  }
  const count = sizeOf(attach);
  return count === undefined ? [] : [`${name}: ${count} probes by one multi link`];
}

function sizeOf(attach: ProbeDraft['attach']): number | undefined {
  switch (attach.kind) {
    case 'kprobe-multi':
      return attach.functions.length;
    case 'uprobe-multi':
      return attach.fileOffsets.length;
    default:
      return undefined;
  }
}

/** Why a wildcard that a multi link could be for has none. */
function oneByOne({ item, drafts }: ExpandedProbe, target: Target): readonly string[] {
  return (['kprobe', 'uprobe'] as const).flatMap((kind) => {
    const count = drafts.flatMap(({ attach }) => placesOf(attach, kind)).length;
    if (count < 2) return [];
    const why = reason(item, kind, target);
    return [`${kind}: ${count} probes one by one: ${why}`];
  });
}

function placesOf(attach: ProbeDraft['attach'], kind: SingleAttach['kind']): readonly unknown[] {
  if (attach.kind === 'each') return attach.places.filter((place) => place.attach.kind === kind);
  return attach.kind === kind ? [attach] : [];
}

function reason(item: ExpandedProbe['item'], kind: 'kprobe' | 'uprobe', target: Target): string {
  const { features } = target;
  const multi = kind === 'kprobe' ? 'kprobeMulti' : 'uprobeMulti';
  if (!features[multi]) return lacking('multi links', multi, target);
  const sharing = sharingOf(item);
  if (sharing === 'each') return "each has its own 'probe' or 'args'";
  if (sharing === 'named' && !features.attachCookie) {
    return `each has its own 'probe', and ${lacking('cookies of attachments', 'attachCookie', target)}`;
  }
  return 'named one by one, or with what a multi link cannot have';
}

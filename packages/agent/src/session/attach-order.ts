/** In which order probes are attached, so that several programs on one event run in the order of their source. */
import type { AttachSpec } from '@bpfleet/lang';

/** The kernel runs what was attached last first, or what was attached first. */
function runsLastFirst(attach: AttachSpec): boolean {
  switch (attach.kind) {
    case 'each':
      return attach.places.some((place) => runsLastFirst(place.attach));
    case 'kprobe':
    case 'kprobe-multi':
      return !attach.returns;
    case 'kprobe-session':
    case 'uprobe':
    case 'uprobe-multi':
    case 'tracing':
      return true;
    default:
      return false;
  }
}

export function attachOrder<T extends { readonly spec: { readonly attach: AttachSpec } }>(
  probes: readonly T[],
): readonly T[] {
  const backwards = (probe: T): boolean => runsLastFirst(probe.spec.attach);
  return [...probes.filter((probe) => !backwards(probe)), ...probes.filter(backwards).toReversed()];
}

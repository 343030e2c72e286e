/** Where something is printed: what spans and timelines find an event by. */
import type { Lowering } from './lowering.ts';

export function printedIn({ probe }: Pick<Lowering, 'probe'>): {
  readonly probes: readonly string[];
} {
  return { probes: probe.attachPoints };
}

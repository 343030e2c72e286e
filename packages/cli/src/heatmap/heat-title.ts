/** What a heat map shows, in words. */
import type { HeatmapAnswer } from '@bpfleet/protocol';
import { mapLabel } from '../output/entry-label.ts';

export function heatTitle({ session, map, key }: HeatmapAnswer): string {
  return `${mapLabel(map, key === undefined ? {} : { key })} of session ${session.id}`;
}

const UNITS = [
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['min', 60_000_000_000n],
  ['s', 1_000_000_000n],
] as const;

/** Such as `30 s`. */
export function stepText(stepNs: bigint): string {
  const [unit, size] = UNITS.find(([, size]) => stepNs % size === 0n) ?? ['ns', 1n];
  return `${stepNs / size} ${unit}`;
}

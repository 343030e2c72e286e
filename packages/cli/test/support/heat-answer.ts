/** A heat map to draw: two buckets over four intervals, and one that is empty. */
import type { HeatmapAnswer } from '@bpfleet/protocol';
import { session } from './fake-coordinator.ts';

export const HEAT: HeatmapAnswer = {
  session: session('ended', { a: 'ended' }),
  map: '@ns',
  key: '<b>\u001b[1m',
  type: { kind: 'hist', bits: 0 },
  range: { fromNs: 1_700_000_000_000_000_000n, toNs: 1_700_000_240_000_000_000n },
  stepNs: 60_000_000_000n,
  columns: [
    [
      [6, 1n],
      [8, 1000n],
    ],
    [[8, 30n]],
    [],
    [[6, 1000n]],
  ],
};

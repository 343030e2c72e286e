/** What a runner that was killed had not sent, as its agent found it in the kernel. */
import type { LossCounts } from './coverage.ts';
import { NO_LOSSES } from './coverage.ts';

export interface LeftBehind {
  /** Of the runner. */
  readonly epoch: number;
  /** Events, prints and output that it had read from the ring buffer, sent or not. */
  readonly read: number;
  /** Lost to a full ring buffer, or still in it. */
  readonly ringBuffer: number;
  readonly mapFull: number;
}

/** What was lost with the runner, of which so many events, prints and output have arrived. */
export function lossesWith(left: LeftBehind, losses: LossCounts, arrived: number): LossCounts {
  return {
    ...losses,
    ringBuffer: Math.max(losses.ringBuffer, left.ringBuffer),
    mapFull: Math.max(losses.mapFull, left.mapFull),
    agentQueue: Math.max(losses.agentQueue, left.read - arrived),
  };
}

/** Of a runner from which nothing has arrived. */
export function lossesOfSilent(left: LeftBehind): LossCounts {
  return lossesWith(left, NO_LOSSES, 0);
}

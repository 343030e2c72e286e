/** What a session has taken since it began; totals, as its runner tells its supervisor once a second. */
import { NO_COST, type Cost } from '@bpfleet/protocol';

export interface Usage {
  readonly cost: Cost;
  readonly events: number;
  readonly bytes: number;
  /** Now, not in total. */
  readonly mapBytes: number;
}

export const NO_USAGE: Usage = { cost: NO_COST, events: 0, bytes: 0, mapBytes: 0 };

/** When events of a host may be missing, from what its frames say. */
import type { LossCounts } from '../api/coverage.ts';
import type { Frame, FrameHeader } from '../frame/frame.ts';

export interface Loss {
  readonly host: string;
  /** Fleet time of the last event before it. */
  readonly fromNs: bigint;
  /** Nothing later is missing; the same where only what was before is in doubt. */
  readonly toNs: bigint;
  /** How many events, where that is known. */
  readonly count: number;
}

interface Watched {
  epoch: number;
  sequence: number;
  lost: number;
  lastNs: bigint;
}

export class LossWatch {
  readonly #hosts = new Map<string, Watched>();

  /** Fleet time of an event. */
  noteEvent(host: string, unixNs: bigint): void {
    const watched = this.#hosts.get(host);
    if (watched !== undefined && unixNs > watched.lastNs) watched.lastNs = unixNs;
  }

  /** @param header in fleet time; of one runner frames come in their order */
  frame(header: FrameHeader, frame: Frame): Loss | undefined {
    const { host, epoch, sequence } = header;
    const before = this.#hosts.get(host);
    const lost = frame.kind === 'losses' ? lostEvents(frame.losses) : 0;
    if (before === undefined || before.epoch !== epoch) {
      const lastNs = before?.lastNs ?? 0n;
      this.#hosts.set(host, { epoch, sequence, lost, lastNs });
      // What the runner before it had begun, this one did not see the end of.
      if (before === undefined && sequence === 0 && lost === 0) return undefined;
      return { host, fromNs: lastNs, toNs: untilOf(header, frame, lastNs), count: lost };
    }
    const missing = sequence - before.sequence - 1;
    const grown = Math.max(0, lost - before.lost);
    before.sequence = Math.max(before.sequence, sequence);
    before.lost = Math.max(before.lost, lost);
    if (missing <= 0 && grown === 0) return undefined;
    const { lastNs } = before;
    return { host, fromNs: lastNs, toNs: untilOf(header, frame, lastNs), count: grown };
  }
}

function lostEvents({ ringBuffer, missedRuns, agentQueue, broker }: LossCounts): number {
  return ringBuffer + missedRuns + agentQueue + broker;
}

function untilOf({ bootToUnixNs }: FrameHeader, frame: Frame, lastNs: bigint): bigint {
  const nsecs = frame.kind === 'losses' ? frame.nsecs : undefined;
  if (nsecs === undefined) return lastNs;
  const unixNs = nsecs + bootToUnixNs;
  return unixNs > lastNs ? unixNs : lastNs;
}

/** The hosts of a session that should be heard and are not. */
import { HOST_LOST_AFTER_MS, type Fleet } from '../fleet/fleet.ts';
import type { ProgressEvent } from './progress.ts';
import type { SessionState } from './session-state.ts';

/** @param sinceMs since when the broker has been there */
export function silentHosts(
  { progress, life, clock }: Pick<SessionState, 'progress' | 'life' | 'clock'>,
  fleet: Pick<Fleet, 'lastSeenMs' | 'leaseMs'>,
  sinceMs: number,
  nowMs: number,
): readonly ProgressEvent[] {
  const reason = `no sign of life for ${HOST_LOST_AFTER_MS / 1000} s`;
  return [...progress.hosts]
    .filter(([, { state }]) => state === 'selected' || state === 'armed' || state === 'attached')
    .map(([host]) => host)
    .filter((host) => life.isSilent(host, Math.max(fleet.lastSeenMs(host) ?? 0, sinceMs), nowMs))
    .map((host) => {
      const awayUntilMs = clock.nowMs() + fleet.leaseMs(host);
      return { kind: 'host-lost', host, reason, silent: true, awayUntilMs };
    });
}

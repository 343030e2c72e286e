/** The hosts that a result does not rest on. */
import type { HostOutcome, SessionInfo } from '@bpfleet/protocol';

function isMissing(outcome: HostOutcome, ended: boolean): boolean {
  switch (outcome.state) {
    case 'failed':
    case 'lost':
      return true;
    case 'selected':
    case 'armed':
      return ended;
    case 'attached':
    case 'ended':
      return false;
  }
}

/** Such as `web-2: lost: runner was killed`. */
export function describeOutcome({ host, state, reason }: HostOutcome): string {
  return [host, state, ...(reason === undefined ? [] : [reason.trimEnd()])].join(': ');
}

export function missingHosts({ state, coverage }: SessionInfo): readonly HostOutcome[] {
  const ended = state === 'ended' || state === 'failed';
  return coverage.hosts.filter((outcome) => isMissing(outcome, ended));
}

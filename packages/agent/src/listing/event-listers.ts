/** Listing of what needs no look at the machine: software and hardware events, timers and signals. */
import { hardwareEvents, softwareEvents, TIMER_UNITS } from '@bpfleet/lang';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe, ProbeLister } from './probe-lister.ts';

/** What follows the event or the unit is a number, which anybody may choose. */
function numbered(provider: string, events: readonly string[]): ProbeLister {
  return {
    provider,
    *list(_machine, { rest }): Generator<ListedProbe> {
      const matches = matcher(rest.split(':', 1)[0] ?? '*');
      for (const event of events) {
        if (matches(event)) yield { name: `${provider}:${event}:`, parameters: () => [] };
      }
    },
  };
}

const self: ProbeLister = {
  provider: 'self',
  *list(_machine, { rest }): Generator<ListedProbe> {
    const place = 'signal:SIGUSR1';
    if (matcher(rest)(place)) yield { name: `self:${place}`, parameters: () => [] };
  },
};

export const eventListers: readonly ProbeLister[] = [
  numbered('hardware', hardwareEvents),
  numbered('software', softwareEvents),
  numbered('profile', TIMER_UNITS),
  numbered('interval', TIMER_UNITS),
  self,
];

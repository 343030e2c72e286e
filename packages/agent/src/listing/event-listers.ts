/** Listing of the kernel's software and hardware events. */
import { hardwareEvents, softwareEvents } from '@bpfleet/lang';
import { matcher } from '../target/wildcard.ts';
import type { ListedProbe, ProbeLister } from './probe-lister.ts';

function counters(provider: string, events: readonly string[]): ProbeLister {
  return {
    provider,
    general: true,
    *list(_machine, pattern): Generator<ListedProbe> {
      const matches = matcher(pattern.rest?.replace(/:$/, '') ?? '*');
      for (const event of events) {
        if (matches(event)) yield { name: `${provider}:${event}:`, parameters: () => [] };
      }
    },
  };
}

export const eventListers: readonly ProbeLister[] = [
  counters('hardware', hardwareEvents),
  counters('software', softwareEvents),
];

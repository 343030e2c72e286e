/** Whether spans and joins mean events that there are: found before anything runs, not by an empty answer. */
import type { CorrelatedEvent } from './correlated-event.ts';
import type { Correlation } from './correlator.ts';
import { isCalled, namesOfEvent } from './event-selector.ts';
import { fits, selection } from './probe-pattern.ts';

export type PrintingEvent = Pick<CorrelatedEvent, 'probes' | 'word'> & {
  readonly names: readonly string[];
};

/** What is wrong with them for a program that prints these events, a sentence each. */
export function correlationFaults(
  { spans, joins }: Correlation,
  events: readonly PrintingEvent[],
): readonly string[] {
  const points = [...new Set(events.flatMap(({ probes }) => probes))];
  const there =
    points.length === 0 ? 'the program prints nothing' : `it prints at ${points.join(', ')}`;
  const faults: string[] = [];
  for (const { name, enter, exit, by } of spans) {
    for (const [end, pattern] of [
      ['enter', enter],
      ['exit', exit],
    ] as const) {
      const found = events.filter(({ probes }) => selection(pattern, probes) === 'all');
      const shared = events.find(({ probes }) => selection(pattern, probes) === 'some');
      if (shared !== undefined) {
        const other = shared.probes.find((probe) => !fits(pattern, probe)) ?? '';
        faults.push(
          `span ${name}: what is printed at ${pattern} cannot be told from what the same block prints at ${other}; ` +
            'give each a block of its own',
        );
      } else if (found.length === 0) {
        faults.push(`span ${name}: no printf at ${pattern} (${end}); ${there}`);
      }
      for (const key of by.filter((part) => part !== 'tid' && part !== 'pid')) {
        const without = found.find(({ names }) => !names.includes(key));
        if (without === undefined) continue;
        faults.push(
          `span ${name}: what is printed at ${pattern} has no field ${key}; ${fieldsText(without.names)}`,
        );
      }
    }
  }
  for (const { text, left, right } of joins) {
    for (const side of [left, right]) {
      const found = events.filter((event) => isCalled(side.events, event, spans));
      if (found.length === 0) {
        const known = [
          ...new Set([...spans.map(({ name }) => name), ...events.flatMap(namesOfEvent)]),
        ];
        const names = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
        faults.push(`join ${text}: no events are called ${side.events}; ${names}`);
      }
      for (const key of side.key.filter((part) => !OWN.includes(part))) {
        const names = found.flatMap((event) => event.names);
        if (found.length === 0 || names.includes(key)) continue;
        faults.push(`join ${text}: ${side.events} has no field ${key}; ${fieldsText(names)}`);
      }
    }
  }
  return faults;
}

const OWN = ['host', 'pid', 'tid'];

function fieldsText(names: readonly string[]): string {
  return names.length === 0 ? 'it has none' : `it has ${[...new Set(names)].join(', ')}`;
}

/** How a session ended, as its owner found and as every other coordinator is to tell. */
import type { HostProgress } from './host-progress.ts';
import { HostTable } from './host-table.ts';
import type { Progress } from './progress.ts';

export interface Conclusion {
  readonly state: 'ended' | 'failed';
  /** Unix milliseconds. */
  readonly endedAtMs: number;
  /** Sequence in the stream of the last message that counts. */
  readonly lastSequence: number;
  /** Rows that the owner's store refused. */
  readonly refusedRows: number;
  /** By name, how hosts ended that did not simply end. */
  readonly hosts: Readonly<Record<string, HostProgress>>;
}

const ENDED: HostProgress = { state: 'ended', late: false };

export function conclusionOf(
  { state, hosts, endedAtMs }: Progress,
  lastSequence: number,
  refusedRows: number,
): Conclusion {
  const special = [...hosts].filter(([, host]) => !isPlain(host));
  return {
    state: state === 'failed' ? 'failed' : 'ended',
    endedAtMs: endedAtMs ?? Date.now(),
    lastSequence,
    refusedRows,
    hosts: Object.fromEntries(special),
  };
}

function isPlain({ state, late, reason, interrupted, unmatched }: HostProgress): boolean {
  const told = reason ?? interrupted ?? unmatched;
  return state === 'ended' && !late && told === undefined;
}

/** The progress of a coordinator that has only looked on. */
export function concluded(progress: Progress, { state, endedAtMs, hosts }: Conclusion): Progress {
  const names = new Set([...progress.hosts.keys(), ...Object.keys(hosts)]);
  return {
    ...progress,
    state,
    endedAtMs,
    hosts: HostTable.of([...names].map((name) => [name, hosts[name] ?? ENDED])),
  };
}

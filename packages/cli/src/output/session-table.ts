/** Sessions as a table: of the running ones, and of history. */
import type { SessionInfo } from '@bpfleet/protocol';
import { ago } from './duration.ts';
import { missingHosts } from './missing-hosts.ts';
import { table } from './table.ts';

const HEADER = ['ID', 'STATE', 'HOSTS', 'STARTED', 'WHO'];
const PROGRAM_WIDTH = 60;

function shorten(program: string): string {
  const line = program.replace(/\s+/g, ' ').trim();
  return line.length > PROGRAM_WIDTH ? `${line.slice(0, PROGRAM_WIDTH - 1)}…` : line;
}

/** With the coordinators that own them where that is known, which it is of running ones. */
export function sessionTable(sessions: readonly SessionInfo[], nowMs: number): string {
  const owned = sessions.some(({ coordinator }) => coordinator !== undefined);
  return table(
    [...HEADER, ...(owned ? ['COORDINATOR'] : []), 'PROGRAM'],
    sessions.map((session) => {
      const total = session.coverage.hosts.length;
      return [
        session.id,
        session.state,
        `${total - missingHosts(session).length}/${total}`,
        ago(session.startedAtMs ?? session.createdAtMs, nowMs),
        session.coverage.who,
        ...(owned ? [session.coordinator ?? ''] : []),
        shorten(session.program),
      ];
    }),
  );
}

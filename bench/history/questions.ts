/** What people ask a history, as they ask it. */
import type { Store } from '../../packages/coordinator/src/store/store.ts';

export interface Question {
  readonly name: string;
  ask(store: Store, session: string): Promise<unknown>;
}

export const QUESTIONS: readonly Question[] = [
  { name: 'history ls', ask: async ({ history }) => history.list({}) },
  { name: 'history show', ask: async ({ history }, session) => history.show(session, {}) },
  {
    name: 'history heatmap @us',
    ask: async ({ history }, session) => history.heatmap(session, { map: '@us' }),
  },
  {
    name: 'history heatmap @us, one key',
    ask: async ({ history }, session) => history.heatmap(session, { map: '@us', key: 'nginx' }),
  },
  { name: 'history top', ask: async ({ history }, session) => history.top(session, {}) },
  {
    name: 'history top by host',
    ask: async ({ history }, session) => history.top(session, { by: 'host' }),
  },
  {
    name: 'history outliers @us',
    ask: async ({ history }, session) => history.outliers(session, { map: '@us' }),
  },
  sql(
    'lines by command (SQL)',
    (session) =>
      `SELECT comm, count() FROM session_${session} GROUP BY comm ORDER BY count() DESC LIMIT 10`,
  ),
  sql(
    'lines by host, of all sessions (SQL)',
    () => `SELECT host, count() FROM events GROUP BY host ORDER BY count() DESC LIMIT 10`,
  ),
  sql(
    'lines of one pid on one host in ten minutes (SQL)',
    (session) =>
      `SELECT at, text FROM events WHERE session = '${session}' AND host = 'host-042' AND pid = 1001
       AND at BETWEEN (SELECT started_at FROM sessions FINAL WHERE id = '${session}')
       AND (SELECT started_at FROM sessions FINAL WHERE id = '${session}') + INTERVAL 10 MINUTE ORDER BY at`,
  ),
];

function sql(name: string, query: (session: string) => string): Question {
  return { name, ask: async (store, session) => store.query(query(session)) };
}

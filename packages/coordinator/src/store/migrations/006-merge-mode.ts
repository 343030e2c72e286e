/** How a session merges its maps; `by_host` knew two of the three ways. */
import type { Migration } from './migration.ts';

export const addMergeMode: Migration = {
  number: 6,
  name: 'merge-mode',
  statements: [
    `ALTER TABLE sessions ADD COLUMN IF NOT EXISTS
      merge LowCardinality(String) DEFAULT if(by_host, 'host', 'meaning') AFTER by_host`,
  ],
};

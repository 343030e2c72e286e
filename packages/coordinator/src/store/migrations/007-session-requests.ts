/** What was asked for when a session was made, so that it can be run again, and its probes, so that it is found by them. */
import type { Migration } from './migration.ts';

export const addSessionRequests: Migration = {
  number: 7,
  name: 'session-requests',
  statements: [
    `ALTER TABLE sessions ADD COLUMN IF NOT EXISTS
      probes Array(String) COMMENT 'attach points of the program as written' AFTER program`,
    `ALTER TABLE sessions ADD COLUMN IF NOT EXISTS
      request String COMMENT 'JSON: what makes the same session again' CODEC(ZSTD) AFTER schemas`,
  ],
};

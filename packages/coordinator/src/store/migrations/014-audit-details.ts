/** What the audit did not have: from where something was asked, and what exactly. */
import type { Migration } from './migration.ts';

export const addAuditDetails: Migration = {
  number: 14,
  name: 'audit-details',
  statements: [
    `ALTER TABLE audit ADD COLUMN IF NOT EXISTS address String
      COMMENT 'that the request came from' AFTER who`,
    `ALTER TABLE audit ADD COLUMN IF NOT EXISTS detail String
      COMMENT 'the program, the SQL, or the route' CODEC(ZSTD) AFTER digest`,
  ],
};

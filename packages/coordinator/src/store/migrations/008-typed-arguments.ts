/** What a program gave to each event, as numbers and texts; the view of a session names them. */
import type { Migration } from './migration.ts';

export const addTypedArguments: Migration = {
  number: 8,
  name: 'typed-arguments',
  statements: [
    `ALTER TABLE events
      ADD COLUMN IF NOT EXISTS event Int32 DEFAULT -1
        COMMENT 'place in the events of the schema; -1 in rows of before' AFTER kind,
      ADD COLUMN IF NOT EXISTS numbers Array(Int64)
        COMMENT 'integers, pointers and booleans among the arguments; u64 as its bits' AFTER arguments,
      ADD COLUMN IF NOT EXISTS texts Array(String)
        COMMENT 'the other arguments, as they print' AFTER numbers,
      ADD COLUMN IF NOT EXISTS schema_hash LowCardinality(String)
        COMMENT 'of the schema that the event was read with' AFTER item`,
  ],
};

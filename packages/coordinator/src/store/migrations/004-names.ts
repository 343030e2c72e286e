/** Names only the host knew: stacks, symbols, users, cgroups. */
import type { Migration } from './migration.ts';

export const createNames: Migration = {
  number: 4,
  name: 'names',
  statements: [
    `CREATE TABLE names (
      session LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64,
      type LowCardinality(String),
      id String COMMENT 'the bytes of the value, hex',
      text Array(String) COMMENT 'one text; for stacks the frames, innermost first',
      schema_hash LowCardinality(String),
      sequence UInt64,
      stream_seq UInt64
    )
    ENGINE = ReplacingMergeTree(sequence)
    ORDER BY (session, host, epoch, type, id)
    SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};

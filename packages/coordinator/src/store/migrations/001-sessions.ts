/** One row per session, the newest version of it wins. */
import type { Migration } from './migration.ts';

export const createSessions: Migration = {
  number: 1,
  name: 'sessions',
  statements: [
    `CREATE TABLE sessions (
      id String,
      version UInt64 COMMENT 'microseconds of the Unix epoch when this row was written',
      program String,
      source_name String,
      digest String,
      who String,
      selector String COMMENT 'JSON',
      by_host Bool,
      state LowCardinality(String),
      created_at DateTime64(3),
      started_at Nullable(DateTime64(3)),
      ended_at Nullable(DateTime64(3)),
      exit_code Nullable(Int32),
      coverage String COMMENT 'JSON',
      schemas String COMMENT 'JSON: schema by hash' CODEC(ZSTD)
    )
    ENGINE = ReplacingMergeTree(version)
    ORDER BY id`,
  ],
};

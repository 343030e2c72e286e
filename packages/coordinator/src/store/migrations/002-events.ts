/** What sessions printed, one row per event. Rows of a frame are inserted together, in order of the stream. */
import type { Migration } from './migration.ts';

export const createEvents: Migration = {
  number: 2,
  name: 'events',
  statements: [
    `CREATE TABLE events (
      session LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64 COMMENT 'grows with each runner of the session on the host',
      sequence UInt64 COMMENT 'of the frame',
      index_in_frame UInt32,
      at DateTime64(9) COMMENT 'fleet time',
      kind LowCardinality(String),
      text String,
      arguments Array(String) COMMENT 'of a printf, as text',
      pid UInt32,
      tid UInt32,
      item String COMMENT 'JSON; empty for text' CODEC(ZSTD),
      stream_seq UInt64
    )
    ENGINE = MergeTree
    ORDER BY (session, at, host, epoch, sequence, index_in_frame)
    SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};

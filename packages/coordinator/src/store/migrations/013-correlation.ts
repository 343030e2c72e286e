/** What correlation needs of the past: the hosts' own clocks, and when events may be missing. */
import type { Migration } from './migration.ts';

export const addCorrelation: Migration = {
  number: 13,
  name: 'correlation',
  statements: [
    `ALTER TABLE events ADD COLUMN IF NOT EXISTS boot_to_unix_ns Int64
      COMMENT 'added to the boot clock of the host gave the fleet time; 0 in rows of before' CODEC(ZSTD)
      AFTER at`,
    `ALTER TABLE spans ADD COLUMN IF NOT EXISTS uncertain Bool
      COMMENT 'events were lost meanwhile: another enter or exit may belong to it' AFTER exit_fields`,
    `CREATE TABLE losses (
      session LowCardinality(String),
      host LowCardinality(String),
      after DateTime64(9) COMMENT 'of the last event before, fleet time' CODEC(Delta, ZSTD),
      until DateTime64(9) COMMENT 'nothing later is missing' CODEC(Delta, ZSTD),
      count UInt64 COMMENT 'how many events; 0 where that is not known',
      epoch UInt64 COMMENT 'grows with each runner of the session on the host' CODEC(Delta, ZSTD),
      sequence UInt64 COMMENT 'of the frame that told' CODEC(Delta, ZSTD),
      stream_seq UInt64 CODEC(Delta, ZSTD)
    )
    ENGINE = ReplacingMergeTree(stream_seq)
    ORDER BY (session, host, after, epoch, sequence)
    SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};

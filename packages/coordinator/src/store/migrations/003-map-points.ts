/**
 * The latest absolute value of each key of each map on each host, and the maps that programs printed. Values of one
 * host and of one runner; adding them up is the reader's part (`maps_merged`).
 */
import type { Migration } from './migration.ts';

const VALUE_COLUMNS = `
      key_id String COMMENT 'the bytes of the key on that host, hex',
      key String COMMENT 'the key as it prints',
      kind LowCardinality(String),
      count UInt64,
      total Int128,
      extreme Int128 COMMENT 'of min and max',
      buckets Map(UInt32, UInt64) COMMENT 'of hist and lhist: hits by number of the bucket',
      text String COMMENT 'a plain value as it prints',
      bytes String COMMENT 'a plain value as the kernel wrote it, hex',
      schema_hash LowCardinality(String)`;

export const createMapPoints: Migration = {
  number: 3,
  name: 'map-points',
  statements: [
    `CREATE TABLE map_points (
      session LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64 COMMENT 'grows with each runner of the session on the host',
      map LowCardinality(String),
      window UInt32 COMMENT 'counts the times the host cleared the map',${VALUE_COLUMNS},
      deleted Bool,
      sequence UInt64 COMMENT 'of the frame',
      stream_seq UInt64
    )
    ENGINE = ReplacingMergeTree(sequence)
    ORDER BY (session, map, host, epoch, window, key_id)
    SETTINGS non_replicated_deduplication_window = 1000`,
    `CREATE TABLE print_points (
      session LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64,
      event UInt32 COMMENT 'which print of the program',
      ordinal UInt32 COMMENT 'how many times the host had executed it',
      nsecs UInt64 COMMENT 'boot clock of the host',
      boot_to_unix_ns Int64,${VALUE_COLUMNS},
      sequence UInt64,
      stream_seq UInt64
    )
    ENGINE = MergeTree
    ORDER BY (session, event, ordinal, host, epoch, key_id)
    SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};

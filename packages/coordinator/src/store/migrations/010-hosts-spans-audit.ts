/** How each host of a session fared, pairs of events that make a span, and who did what. */
import type { Migration } from './migration.ts';

export const createHostsSpansAudit: Migration = {
  number: 10,
  name: 'hosts-spans-audit',
  statements: [
    `CREATE TABLE hosts (
      session LowCardinality(String),
      host String,
      version UInt64 COMMENT 'of the row of the session that it belongs to',
      at DateTime64(3) COMMENT 'when the session was made',
      state LowCardinality(String),
      late Bool COMMENT 'it came after the start',
      reason String COMMENT 'why it failed, was lost, or ended before it should',
      interrupted String COMMENT 'why it was gone for a while before it started anew',
      kernel LowCardinality(String),
      arch LowCardinality(String),
      clock_offset_ns Int64 COMMENT 'added to the clock of the host gives fleet time',
      clock_error_ns UInt64,
      lost_ring_buffer UInt64,
      lost_map_full UInt64,
      lost_missed_runs UInt64,
      lost_agent_queue UInt64,
      lost_broker UInt64,
      lost_coordinator UInt64,
      lost_store UInt64,
      late_prints UInt64,
      run_time_ns UInt64 COMMENT 'in the programs of the session',
      runs UInt64,
      available_ns UInt64 COMMENT 'time that all CPUs had meanwhile'
    )
    ENGINE = ReplacingMergeTree(version)
    ORDER BY (session, host)`,
    `CREATE TABLE spans (
      session LowCardinality(String),
      name LowCardinality(String),
      host LowCardinality(String),
      pid UInt32,
      tid UInt32,
      enter_at DateTime64(9) COMMENT 'fleet time' CODEC(Delta, ZSTD),
      exit_at DateTime64(9) CODEC(Delta, ZSTD),
      duration_ns Int64 CODEC(ZSTD),
      error_ns UInt64 COMMENT 'bound of the error of the duration' CODEC(ZSTD),
      depth UInt16 COMMENT 'spans of the same thread around it',
      enter_event Int32 COMMENT 'place in the events of the schema',
      exit_event Int32,
      enter_fields Map(LowCardinality(String), String) CODEC(ZSTD),
      exit_fields Map(LowCardinality(String), String) CODEC(ZSTD),
      epoch UInt64 COMMENT 'of the enter event, as the next two: they name it' CODEC(Delta, ZSTD),
      sequence UInt64 CODEC(Delta, ZSTD),
      index_in_frame UInt32,
      stream_seq UInt64 CODEC(Delta, ZSTD)
    )
    ENGINE = ReplacingMergeTree(stream_seq)
    ORDER BY (session, name, host, enter_at, epoch, sequence, index_in_frame)
    SETTINGS non_replicated_deduplication_window = 1000`,
    `CREATE TABLE audit (
      at DateTime64(3) CODEC(Delta, ZSTD),
      who String,
      action LowCardinality(String),
      session String,
      digest String COMMENT 'of the program',
      outcome String COMMENT 'done, or why not'
    )
    ENGINE = MergeTree
    ORDER BY (at, who, action, session)
    SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};

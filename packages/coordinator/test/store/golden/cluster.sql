CREATE TABLE IF NOT EXISTS migrations_local ON CLUSTER 'fleet' (number UInt32, name String, applied_at DateTime DEFAULT now())
    ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
    ORDER BY number
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS migrations ON CLUSTER 'fleet' AS migrations_local
    ENGINE = Distributed('fleet', currentDatabase(), 'migrations_local', number);

CREATE TABLE IF NOT EXISTS sessions_local ON CLUSTER 'fleet' (
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
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
    ORDER BY id
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS sessions ON CLUSTER 'fleet' AS sessions_local
    ENGINE = Distributed('fleet', currentDatabase(), 'sessions_local', sipHash64(id));

CREATE TABLE IF NOT EXISTS events_local ON CLUSTER 'fleet' (
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
    ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
    ORDER BY (session, at, host, epoch, sequence, index_in_frame)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS events ON CLUSTER 'fleet' AS events_local
    ENGINE = Distributed('fleet', currentDatabase(), 'events_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS map_points_local ON CLUSTER 'fleet' (
      session LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64 COMMENT 'grows with each runner of the session on the host',
      map LowCardinality(String),
      window UInt32 COMMENT 'counts the times the host cleared the map',
      key_id String COMMENT 'the bytes of the key on that host, hex',
      key String COMMENT 'the key as it prints',
      kind LowCardinality(String),
      count UInt64,
      total Int128,
      extreme Int128 COMMENT 'of min and max',
      buckets Map(UInt32, UInt64) COMMENT 'of hist and lhist: hits by number of the bucket',
      text String COMMENT 'a plain value as it prints',
      bytes String COMMENT 'a plain value as the kernel wrote it, hex',
      schema_hash LowCardinality(String),
      deleted Bool,
      sequence UInt64 COMMENT 'of the frame',
      stream_seq UInt64
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', sequence)
    ORDER BY (session, map, host, epoch, window, key_id)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS map_points ON CLUSTER 'fleet' AS map_points_local
    ENGINE = Distributed('fleet', currentDatabase(), 'map_points_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS print_points_local ON CLUSTER 'fleet' (
      session LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64,
      event UInt32 COMMENT 'which print of the program',
      ordinal UInt32 COMMENT 'how many times the host had executed it',
      nsecs UInt64 COMMENT 'boot clock of the host',
      boot_to_unix_ns Int64,
      key_id String COMMENT 'the bytes of the key on that host, hex',
      key String COMMENT 'the key as it prints',
      kind LowCardinality(String),
      count UInt64,
      total Int128,
      extreme Int128 COMMENT 'of min and max',
      buckets Map(UInt32, UInt64) COMMENT 'of hist and lhist: hits by number of the bucket',
      text String COMMENT 'a plain value as it prints',
      bytes String COMMENT 'a plain value as the kernel wrote it, hex',
      schema_hash LowCardinality(String),
      sequence UInt64,
      stream_seq UInt64
    )
    ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
    ORDER BY (session, event, ordinal, host, epoch, key_id)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS print_points ON CLUSTER 'fleet' AS print_points_local
    ENGINE = Distributed('fleet', currentDatabase(), 'print_points_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS names_local ON CLUSTER 'fleet' (
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
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', sequence)
    ORDER BY (session, host, epoch, type, id)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS names ON CLUSTER 'fleet' AS names_local
    ENGINE = Distributed('fleet', currentDatabase(), 'names_local', sipHash64(session, host));

CREATE VIEW IF NOT EXISTS maps_by_host ON CLUSTER 'fleet' AS SELECT session, map, host, key, kind,
        sum(count) AS count, sum(total) AS total,
        min(extreme) AS min, max(extreme) AS max,
        sumMap(buckets) AS buckets, anyLast(text) AS text
      FROM map_points FINAL
      WHERE NOT deleted AND (session, map, host, epoch, window) IN (
        SELECT session, map, host, epoch, max(window)
        FROM map_points GROUP BY session, map, host, epoch)
      GROUP BY session, map, host, key, kind SETTINGS distributed_product_mode = 'global';

CREATE VIEW IF NOT EXISTS maps_merged ON CLUSTER 'fleet' AS SELECT session, map, key, kind,
        sum(count) AS count, sum(total) AS total,
        if(kind = 'max', max(m.max), min(m.min)) AS extreme,
        if(kind IN ('avg', 'stats') AND sum(m.count) > 0, sum(m.total) / sum(m.count), NULL) AS average,
        sumMap(m.buckets) AS buckets, uniqExact(host) AS hosts
      FROM maps_by_host AS m
      GROUP BY session, map, key, kind SETTINGS distributed_product_mode = 'global';

ALTER TABLE sessions_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      merge LowCardinality(String) DEFAULT if(by_host, 'host', 'meaning') AFTER by_host;

ALTER TABLE sessions ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      merge LowCardinality(String) DEFAULT if(by_host, 'host', 'meaning') AFTER by_host;

ALTER TABLE sessions_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      probes Array(String) COMMENT 'attach points of the program as written' AFTER program;

ALTER TABLE sessions ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      probes Array(String) COMMENT 'attach points of the program as written' AFTER program;

ALTER TABLE sessions_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      request String COMMENT 'JSON: what makes the same session again' CODEC(ZSTD) AFTER schemas;

ALTER TABLE sessions ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      request String COMMENT 'JSON: what makes the same session again' CODEC(ZSTD) AFTER schemas;

ALTER TABLE events_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS event Int32 DEFAULT -1
        COMMENT 'place in the events of the schema; -1 in rows of before' AFTER kind,
      ADD COLUMN IF NOT EXISTS numbers Array(Int64)
        COMMENT 'integers, pointers and booleans among the arguments; u64 as its bits' AFTER arguments,
      ADD COLUMN IF NOT EXISTS texts Array(String)
        COMMENT 'the other arguments, as they print' AFTER numbers,
      ADD COLUMN IF NOT EXISTS schema_hash LowCardinality(String)
        COMMENT 'of the schema that the event was read with' AFTER item;

ALTER TABLE events ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS event Int32 DEFAULT -1
        COMMENT 'place in the events of the schema; -1 in rows of before' AFTER kind,
      ADD COLUMN IF NOT EXISTS numbers Array(Int64)
        COMMENT 'integers, pointers and booleans among the arguments; u64 as its bits' AFTER arguments,
      ADD COLUMN IF NOT EXISTS texts Array(String)
        COMMENT 'the other arguments, as they print' AFTER numbers,
      ADD COLUMN IF NOT EXISTS schema_hash LowCardinality(String)
        COMMENT 'of the schema that the event was read with' AFTER item;

ALTER TABLE map_points_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      at DateTime64(9) DEFAULT toDateTime64(0, 9)
        COMMENT 'when the host had read the map, fleet time; 1970 where it does not say' AFTER window;

ALTER TABLE map_points ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      at DateTime64(9) DEFAULT toDateTime64(0, 9)
        COMMENT 'when the host had read the map, fleet time; 1970 where it does not say' AFTER window;

CREATE TABLE IF NOT EXISTS map_points_1s_local ON CLUSTER 'fleet' (
      session LowCardinality(String),
      map LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64 COMMENT 'grows with each runner of the session on the host' CODEC(Delta, ZSTD),
      window UInt32 COMMENT 'counts the times the host cleared the map' CODEC(Delta, ZSTD),
      key_id String COMMENT 'the bytes of the key on that host, hex' CODEC(ZSTD),
      at DateTime COMMENT 'beginning of the interval, fleet time' CODEC(Delta, ZSTD),
      key String COMMENT 'the key as it prints' CODEC(ZSTD),
      kind LowCardinality(String),
      count UInt64 CODEC(Delta, ZSTD),
      total Int128 CODEC(ZSTD),
      extreme Int128 COMMENT 'of min and max' CODEC(ZSTD),
      buckets Map(UInt32, UInt64) COMMENT 'of hist and lhist: hits by number of the bucket' CODEC(ZSTD),
      text String COMMENT 'a plain value as it prints' CODEC(ZSTD),
      bytes String COMMENT 'a plain value as the kernel wrote it, hex' CODEC(ZSTD),
      schema_hash LowCardinality(String),
      deleted Bool,
      sequence UInt64 COMMENT 'of the frame' CODEC(Delta, ZSTD),
      stream_seq UInt64 CODEC(Delta, ZSTD)
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', sequence)
    ORDER BY (session, map, host, epoch, key_id, at, window)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS map_points_1s ON CLUSTER 'fleet' AS map_points_1s_local
    ENGINE = Distributed('fleet', currentDatabase(), 'map_points_1s_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS map_points_1m_local ON CLUSTER 'fleet' (
      session LowCardinality(String),
      map LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64 COMMENT 'grows with each runner of the session on the host' CODEC(Delta, ZSTD),
      window UInt32 COMMENT 'counts the times the host cleared the map' CODEC(Delta, ZSTD),
      key_id String COMMENT 'the bytes of the key on that host, hex' CODEC(ZSTD),
      at DateTime COMMENT 'beginning of the interval, fleet time' CODEC(Delta, ZSTD),
      key String COMMENT 'the key as it prints' CODEC(ZSTD),
      kind LowCardinality(String),
      count UInt64 CODEC(Delta, ZSTD),
      total Int128 CODEC(ZSTD),
      extreme Int128 COMMENT 'of min and max' CODEC(ZSTD),
      buckets Map(UInt32, UInt64) COMMENT 'of hist and lhist: hits by number of the bucket' CODEC(ZSTD),
      text String COMMENT 'a plain value as it prints' CODEC(ZSTD),
      bytes String COMMENT 'a plain value as the kernel wrote it, hex' CODEC(ZSTD),
      schema_hash LowCardinality(String),
      deleted Bool,
      sequence UInt64 COMMENT 'of the frame' CODEC(Delta, ZSTD),
      stream_seq UInt64 CODEC(Delta, ZSTD)
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', sequence)
    ORDER BY (session, map, host, epoch, key_id, at, window)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS map_points_1m ON CLUSTER 'fleet' AS map_points_1m_local
    ENGINE = Distributed('fleet', currentDatabase(), 'map_points_1m_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS map_points_1h_local ON CLUSTER 'fleet' (
      session LowCardinality(String),
      map LowCardinality(String),
      host LowCardinality(String),
      epoch UInt64 COMMENT 'grows with each runner of the session on the host' CODEC(Delta, ZSTD),
      window UInt32 COMMENT 'counts the times the host cleared the map' CODEC(Delta, ZSTD),
      key_id String COMMENT 'the bytes of the key on that host, hex' CODEC(ZSTD),
      at DateTime COMMENT 'beginning of the interval, fleet time' CODEC(Delta, ZSTD),
      key String COMMENT 'the key as it prints' CODEC(ZSTD),
      kind LowCardinality(String),
      count UInt64 CODEC(Delta, ZSTD),
      total Int128 CODEC(ZSTD),
      extreme Int128 COMMENT 'of min and max' CODEC(ZSTD),
      buckets Map(UInt32, UInt64) COMMENT 'of hist and lhist: hits by number of the bucket' CODEC(ZSTD),
      text String COMMENT 'a plain value as it prints' CODEC(ZSTD),
      bytes String COMMENT 'a plain value as the kernel wrote it, hex' CODEC(ZSTD),
      schema_hash LowCardinality(String),
      deleted Bool,
      sequence UInt64 COMMENT 'of the frame' CODEC(Delta, ZSTD),
      stream_seq UInt64 CODEC(Delta, ZSTD)
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', sequence)
    ORDER BY (session, map, host, epoch, key_id, at, window)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS map_points_1h ON CLUSTER 'fleet' AS map_points_1h_local
    ENGINE = Distributed('fleet', currentDatabase(), 'map_points_1h_local', sipHash64(session, host));

CREATE MATERIALIZED VIEW IF NOT EXISTS map_points_1h_filling ON CLUSTER 'fleet' TO map_points_1h_local AS SELECT session, map, host, epoch, window, key_id, toDateTime(intDiv(toUnixTimestamp(at), 3600) * 3600) AS at, key, kind, count, total, extreme, buckets, text, bytes,
        schema_hash, deleted, sequence, stream_seq
      FROM map_points_1m_local
      WHERE map_points_1m_local.at > toDateTime(0);

CREATE MATERIALIZED VIEW IF NOT EXISTS map_points_1m_filling ON CLUSTER 'fleet' TO map_points_1m_local AS SELECT session, map, host, epoch, window, key_id, toDateTime(intDiv(toUnixTimestamp(at), 60) * 60) AS at, key, kind, count, total, extreme, buckets, text, bytes,
        schema_hash, deleted, sequence, stream_seq
      FROM map_points_1s_local
      WHERE map_points_1s_local.at > toDateTime(0);

CREATE MATERIALIZED VIEW IF NOT EXISTS map_points_1s_filling ON CLUSTER 'fleet' TO map_points_1s_local AS SELECT session, map, host, epoch, window, key_id, toDateTime(intDiv(toUnixTimestamp(at), 1) * 1) AS at, key, kind, count, total, extreme, buckets, text, bytes,
        schema_hash, deleted, sequence, stream_seq
      FROM map_points_local
      WHERE map_points_local.at > toDateTime(0);

CREATE TABLE IF NOT EXISTS hosts_local ON CLUSTER 'fleet' (
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
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
    ORDER BY (session, host)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS hosts ON CLUSTER 'fleet' AS hosts_local
    ENGINE = Distributed('fleet', currentDatabase(), 'hosts_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS spans_local ON CLUSTER 'fleet' (
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
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', stream_seq)
    ORDER BY (session, name, host, enter_at, epoch, sequence, index_in_frame)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS spans ON CLUSTER 'fleet' AS spans_local
    ENGINE = Distributed('fleet', currentDatabase(), 'spans_local', sipHash64(session, host));

CREATE TABLE IF NOT EXISTS audit_local ON CLUSTER 'fleet' (
      at DateTime64(3) CODEC(Delta, ZSTD),
      who String,
      action LowCardinality(String),
      session String,
      digest String COMMENT 'of the program',
      outcome String COMMENT 'done, or why not'
    )
    ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
    ORDER BY (at, who, action, session)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS audit ON CLUSTER 'fleet' AS audit_local
    ENGINE = Distributed('fleet', currentDatabase(), 'audit_local', sipHash64(who, at));

ALTER TABLE print_points_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      at DateTime64(9) DEFAULT fromUnixTimestamp64Nano(reinterpretAsInt64(nsecs) + boot_to_unix_ns)
        COMMENT 'fleet time' AFTER boot_to_unix_ns;

ALTER TABLE print_points ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      at DateTime64(9) DEFAULT fromUnixTimestamp64Nano(reinterpretAsInt64(nsecs) + boot_to_unix_ns)
        COMMENT 'fleet time' AFTER boot_to_unix_ns;

ALTER TABLE names_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      stored_at DateTime DEFAULT now() COMMENT 'when the row came' AFTER stream_seq;

ALTER TABLE names ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS
      stored_at DateTime DEFAULT now() COMMENT 'when the row came' AFTER stream_seq;

ALTER TABLE events_local ON CLUSTER 'fleet' MODIFY COLUMN epoch CODEC(T64, LZ4),
      MODIFY COLUMN sequence CODEC(T64, LZ4),
      MODIFY COLUMN index_in_frame CODEC(T64, LZ4),
      MODIFY COLUMN at CODEC(Delta, LZ4),
      MODIFY COLUMN text CODEC(ZSTD),
      MODIFY COLUMN numbers CODEC(T64, LZ4),
      MODIFY COLUMN texts Array(LowCardinality(String)),
      MODIFY COLUMN pid CODEC(T64, LZ4),
      MODIFY COLUMN tid CODEC(T64, LZ4),
      MODIFY COLUMN stream_seq CODEC(T64, LZ4),
      COMMENT COLUMN arguments 'of a printf, as text; of rows of before there were numbers and texts';

ALTER TABLE events ON CLUSTER 'fleet' MODIFY COLUMN epoch CODEC(T64, LZ4),
      MODIFY COLUMN sequence CODEC(T64, LZ4),
      MODIFY COLUMN index_in_frame CODEC(T64, LZ4),
      MODIFY COLUMN at CODEC(Delta, LZ4),
      MODIFY COLUMN text CODEC(ZSTD),
      MODIFY COLUMN numbers CODEC(T64, LZ4),
      MODIFY COLUMN texts Array(LowCardinality(String)),
      MODIFY COLUMN pid CODEC(T64, LZ4),
      MODIFY COLUMN tid CODEC(T64, LZ4),
      MODIFY COLUMN stream_seq CODEC(T64, LZ4),
      COMMENT COLUMN arguments 'of a printf, as text; of rows of before there were numbers and texts';

ALTER TABLE events_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS boot_to_unix_ns Int64
      COMMENT 'added to the boot clock of the host gave the fleet time; 0 in rows of before' CODEC(ZSTD)
      AFTER at;

ALTER TABLE events ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS boot_to_unix_ns Int64
      COMMENT 'added to the boot clock of the host gave the fleet time; 0 in rows of before' CODEC(ZSTD)
      AFTER at;

ALTER TABLE spans_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS uncertain Bool
      COMMENT 'events were lost meanwhile: another enter or exit may belong to it' AFTER exit_fields;

ALTER TABLE spans ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS uncertain Bool
      COMMENT 'events were lost meanwhile: another enter or exit may belong to it' AFTER exit_fields;

CREATE TABLE IF NOT EXISTS losses_local ON CLUSTER 'fleet' (
      session LowCardinality(String),
      host LowCardinality(String),
      after DateTime64(9) COMMENT 'of the last event before, fleet time' CODEC(Delta, ZSTD),
      until DateTime64(9) COMMENT 'nothing later is missing' CODEC(Delta, ZSTD),
      count UInt64 COMMENT 'how many events; 0 where that is not known',
      epoch UInt64 COMMENT 'grows with each runner of the session on the host' CODEC(Delta, ZSTD),
      sequence UInt64 COMMENT 'of the frame that told' CODEC(Delta, ZSTD),
      stream_seq UInt64 CODEC(Delta, ZSTD)
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', stream_seq)
    ORDER BY (session, host, after, epoch, sequence)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS losses ON CLUSTER 'fleet' AS losses_local
    ENGINE = Distributed('fleet', currentDatabase(), 'losses_local', sipHash64(session, host));

ALTER TABLE audit_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS address String
      COMMENT 'that the request came from' AFTER who;

ALTER TABLE audit ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS address String
      COMMENT 'that the request came from' AFTER who;

ALTER TABLE audit_local ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS detail String
      COMMENT 'the program, the SQL, or the route' CODEC(ZSTD) AFTER digest;

ALTER TABLE audit ON CLUSTER 'fleet' ADD COLUMN IF NOT EXISTS detail String
      COMMENT 'the program, the SQL, or the route' CODEC(ZSTD) AFTER digest;

CREATE TABLE IF NOT EXISTS library_local ON CLUSTER 'fleet' (
      name String,
      version UInt32 COMMENT 'from 1, of its name',
      digest String COMMENT 'of the program',
      who String COMMENT 'added it',
      at DateTime64(3),
      removed Bool COMMENT 'this version took the name out of the library',
      program String CODEC(ZSTD),
      request String COMMENT 'JSON: parameters, who may run it, and the files that it needs' CODEC(ZSTD)
    )
    ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', at)
    ORDER BY (name, version)
    SETTINGS replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS library ON CLUSTER 'fleet' AS library_local
    ENGINE = Distributed('fleet', currentDatabase(), 'library_local', sipHash64(name));

CREATE OR REPLACE VIEW session_s1 ON CLUSTER 'fleet' AS SELECT session FROM events WHERE session = 's1' SETTINGS distributed_product_mode = 'global';

DROP VIEW IF EXISTS session_s1 ON CLUSTER 'fleet';

ALTER TABLE events_local ON CLUSTER 'fleet' DELETE WHERE session = 's1' SETTINGS mutations_sync = 2;

ALTER TABLE events_local ON CLUSTER 'fleet' MODIFY TTL toDateTime(at) + toIntervalSecond(60);

ALTER TABLE events_local ON CLUSTER 'fleet' REMOVE TTL;

SYSTEM SYNC REPLICA ON CLUSTER 'fleet' events_local;

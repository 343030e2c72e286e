/** The columns that are written, in the order of the rows. */
import type { Table } from './batch-writer.ts';

const VALUE_COLUMNS = [
  'key_id',
  'key',
  'kind',
  'count',
  'total',
  'extreme',
  'buckets',
  'text',
  'bytes',
  'schema_hash',
] as const;

export const EVENTS: Table = {
  name: 'events',
  columns: [
    'session',
    'host',
    'epoch',
    'sequence',
    'index_in_frame',
    'at',
    'boot_to_unix_ns',
    'kind',
    'event',
    'text',
    'numbers',
    'texts',
    'pid',
    'tid',
    'item',
    'schema_hash',
    'stream_seq',
  ],
};

export const MAP_POINTS: Table = {
  name: 'map_points',
  columns: [
    'session',
    'host',
    'epoch',
    'map',
    'window',
    'at',
    ...VALUE_COLUMNS,
    'deleted',
    'sequence',
    'stream_seq',
  ],
};

export const PRINT_POINTS: Table = {
  name: 'print_points',
  columns: [
    'session',
    'host',
    'epoch',
    'event',
    'ordinal',
    'nsecs',
    'boot_to_unix_ns',
    ...VALUE_COLUMNS,
    'sequence',
    'stream_seq',
  ],
};

export const NAMES: Table = {
  name: 'names',
  columns: [
    'session',
    'host',
    'epoch',
    'type',
    'id',
    'text',
    'schema_hash',
    'sequence',
    'stream_seq',
  ],
};

export const SESSIONS: Table = {
  name: 'sessions',
  columns: [
    'id',
    'version',
    'program',
    'probes',
    'source_name',
    'digest',
    'who',
    'selector',
    'by_host',
    'merge',
    'state',
    'created_at',
    'started_at',
    'ended_at',
    'exit_code',
    'coverage',
    'schemas',
    'request',
  ],
};

/** Filled from `map_points`, each by the one before it. */
export const MAP_ROLLUPS: readonly string[] = ['map_points_1s', 'map_points_1m', 'map_points_1h'];

export const HOSTS: Table = {
  name: 'hosts',
  columns: [
    'session',
    'host',
    'version',
    'at',
    'state',
    'late',
    'reason',
    'interrupted',
    'kernel',
    'arch',
    'clock_offset_ns',
    'clock_error_ns',
    'lost_ring_buffer',
    'lost_map_full',
    'lost_missed_runs',
    'lost_agent_queue',
    'lost_broker',
    'lost_coordinator',
    'lost_store',
    'late_prints',
    'run_time_ns',
    'runs',
    'available_ns',
  ],
};

export const SPANS: Table = {
  name: 'spans',
  columns: [
    'session',
    'name',
    'host',
    'pid',
    'tid',
    'enter_at',
    'exit_at',
    'duration_ns',
    'error_ns',
    'depth',
    'enter_event',
    'exit_event',
    'enter_fields',
    'exit_fields',
    'uncertain',
    'epoch',
    'sequence',
    'index_in_frame',
    'stream_seq',
  ],
};

export const LOSSES: Table = {
  name: 'losses',
  columns: ['session', 'host', 'after', 'until', 'count', 'epoch', 'sequence', 'stream_seq'],
};

export const AUDIT: Table = {
  name: 'audit',
  columns: ['at', 'who', 'address', 'action', 'session', 'digest', 'detail', 'outcome'],
};

export const LIBRARY: Table = {
  name: 'library',
  columns: ['name', 'version', 'digest', 'who', 'at', 'removed', 'program', 'request'],
};

/** Tables whose rows come from the stream, each at most once. */
export const STREAM_TABLES: readonly Table[] = [
  EVENTS,
  MAP_POINTS,
  PRINT_POINTS,
  NAMES,
  SPANS,
  LOSSES,
];

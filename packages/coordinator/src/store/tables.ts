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
    'kind',
    'text',
    'arguments',
    'pid',
    'tid',
    'item',
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

/** Tables whose rows come from the stream, each at most once. */
export const STREAM_TABLES: readonly Table[] = [EVENTS, MAP_POINTS, PRINT_POINTS, NAMES];

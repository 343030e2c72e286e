/**
 * How events are packed. Columns that questions go through as a whole unpack fast (LZ4), those that are read with the
 * lines that were asked for are small (ZSTD); docs/store.md has what was measured.
 */
import type { Migration } from './migration.ts';

export const addEventCodecs: Migration = {
  number: 12,
  name: 'event-codecs',
  statements: [
    `ALTER TABLE events
      MODIFY COLUMN epoch CODEC(T64, LZ4),
      MODIFY COLUMN sequence CODEC(T64, LZ4),
      MODIFY COLUMN index_in_frame CODEC(T64, LZ4),
      MODIFY COLUMN at CODEC(Delta, LZ4),
      MODIFY COLUMN text CODEC(ZSTD),
      MODIFY COLUMN numbers CODEC(T64, LZ4),
      MODIFY COLUMN texts Array(LowCardinality(String)),
      MODIFY COLUMN pid CODEC(T64, LZ4),
      MODIFY COLUMN tid CODEC(T64, LZ4),
      MODIFY COLUMN stream_seq CODEC(T64, LZ4),
      COMMENT COLUMN arguments 'of a printf, as text; of rows of before there were numbers and texts'`,
  ],
};

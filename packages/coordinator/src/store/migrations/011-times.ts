/** Times of rows that had none, for what is kept for a while only. */
import type { Migration } from './migration.ts';

export const addTimes: Migration = {
  number: 11,
  name: 'times',
  statements: [
    `ALTER TABLE print_points ADD COLUMN IF NOT EXISTS
      at DateTime64(9) DEFAULT fromUnixTimestamp64Nano(reinterpretAsInt64(nsecs) + boot_to_unix_ns)
        COMMENT 'fleet time' AFTER boot_to_unix_ns`,
    `ALTER TABLE names ADD COLUMN IF NOT EXISTS
      stored_at DateTime DEFAULT now() COMMENT 'when the row came' AFTER stream_seq`,
  ],
};

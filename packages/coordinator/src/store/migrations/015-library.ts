/** Programs that were reviewed, which people run by their names. */
import type { Migration } from './migration.ts';

export const createLibrary: Migration = {
  number: 15,
  name: 'library',
  statements: [
    `CREATE TABLE library (
      name String,
      version UInt32 COMMENT 'from 1, of its name',
      digest String COMMENT 'of the program',
      who String COMMENT 'added it',
      at DateTime64(3),
      removed Bool COMMENT 'this version took the name out of the library',
      program String CODEC(ZSTD),
      request String COMMENT 'JSON: parameters, who may run it, and the files that it needs' CODEC(ZSTD)
    )
    ENGINE = ReplacingMergeTree(at)
    ORDER BY (name, version)
    SETTINGS non_replicated_deduplication_window = 1000`,
  ],
};

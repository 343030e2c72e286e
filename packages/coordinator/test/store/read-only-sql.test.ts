import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusalOf } from '../../src/store/read-only-sql.ts';

describe('which SQL is let through', () => {
  for (const sql of [
    'SELECT 1',
    ' select * from events;\n',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'SHOW TABLES',
    "SELECT 'a; b', \"outfile\", `outfile` FROM t -- INTO OUTFILE 'x'",
    "SELECT 'it''s \\' ; INTO OUTFILE' /* ; */ # ; outfile",
    'SELECT $$ ; outfile $$',
    'EXPLAIN SELECT 1',
  ]) {
    it(`lets ${JSON.stringify(sql)} through`, () => {
      assert.equal(refusalOf(sql), undefined);
    });
  }

  for (const [sql, reason] of [
    ['', /empty/],
    [' -- nothing', /empty/],
    ['DROP TABLE events', /not DROP/],
    ['INSERT INTO events VALUES (1)', /not INSERT/],
    ['SET readonly = 0', /not SET/],
    ['SELECT 1; DROP TABLE events', /one statement/],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", /OUTFILE/],
    ["SELECT 1 into/**/outfile'/tmp/x'", /OUTFILE/],
    ["SELECT '' -- '\n INTO OUTFILE '/tmp/x'", /OUTFILE/],
    ["SELECT 'open INTO OUTFILE", /not closed/],
    ['SELECT 1 /* open', /not closed/],
  ] as const) {
    it(`refuses ${JSON.stringify(sql)}`, () => {
      assert.match(refusalOf(sql) ?? '', reason);
    });
  }
});

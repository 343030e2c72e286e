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
    'SELECT file, url FROM t WHERE (file) IN (url)',
    "SELECT 'file(' || count() FROM t",
    `SELECT file${'/**/ '.repeat(5000)} FROM t`,
  ]) {
    it(`lets ${JSON.stringify(sql.slice(0, 80))} through`, () => {
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
    ["SELECT file('/etc/passwd')", /file\(\) cannot be used/],
    ["SELECT FILE /* */ -- x\n ('/etc/passwd')", /FILE\(\) cannot/],
    ["SELECT `file`('/etc/passwd')", /file\(\) cannot/],
    ['SELECT "fil\\x65"(\'/etc/passwd\')', /cannot be used/],
    ["DESCRIBE url('http://10.0.0.1/')", /url\(\) cannot/],
    ["DESCRIBE s3Cluster('a', 'b')", /s3Cluster\(\) cannot/],
    ["EXPLAIN SELECT * FROM remote('h', system.one)", /remote\(\) cannot/],
  ] as const) {
    it(`refuses ${JSON.stringify(sql)}`, () => {
      assert.match(refusalOf(sql) ?? '', reason);
    });
  }
});

/** What viewers may not read by SQL, however it is written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminTable } from '../../src/store/admin-tables.ts';

for (const sql of [
  'SELECT * FROM audit',
  'SELECT detail FROM "AUDIT"',
  'SELECT * FROM `audit` LIMIT 1',
  'SELECT * FROM default.audit',
  'SELECT * FROM "aud\\x69t"',
  'SELECT 1 FROM/**/audit_local',
  "SELECT * FROM merge('default', '^aud')",
  "SELECT * FROM loop('default', 'audit')",
  "SELECT * FROM mergeTreeIndex('default', 'audit')",
  'SELECT query FROM system.query_log',
  'SELECT query FROM system.processes',
]) {
  test(`${sql} is for admins`, () => assert.notEqual(adminTable(sql), undefined));
}

for (const sql of [
  'SELECT * FROM events',
  "SELECT 'the audit of 2026' FROM sessions -- audit",
  'SELECT auditor FROM session_s1',
  'SELECT "a b" FROM session_s1',
  "SELECT replaceAll(text, '\\n', '') FROM events",
]) {
  test(`${sql} is for everybody`, () => assert.equal(adminTable(sql), undefined));
}

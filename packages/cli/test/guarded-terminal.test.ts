/** What commands print of names and messages that are not their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guardedTerminal } from '../src/guarded-terminal.ts';
import { testTerminal } from './support/test-terminal.ts';

const HOSTILE = 'web\u001b[2J\u202e\r\nline\ttab\n';
const SHOWN = 'web\\x1b[2J\\u202e\nline\ttab\n';
const size = (): { columns: number; rows: number } => ({ columns: 80, rows: 24 });

test('nothing printed on a terminal acts there', () => {
  const terminal = testTerminal({ size });
  guardedTerminal(terminal).out(HOSTILE);
  assert.equal(terminal.printed.out, SHOWN);
});

test('a pipe or a file gets what there is', () => {
  const terminal = testTerminal();
  guardedTerminal(terminal).out(HOSTILE);
  assert.equal(terminal.printed.out, HOSTILE);
});

test('errors are made visible wherever standard output goes', () => {
  for (const terminal of [testTerminal(), testTerminal({ size })]) {
    guardedTerminal(terminal).err(HOSTILE);
    assert.equal(terminal.printed.err, SHOWN);
  }
});

test('what draws does', () => {
  const terminal = testTerminal({ size });
  guardedTerminal(terminal).draw('\u001b[1A');
  assert.equal(terminal.printed.out, '\u001b[1A');
});

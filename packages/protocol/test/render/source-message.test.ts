/** Messages of a running program: the place, its line, and the calls of macros that led there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locatedExcerpt, locatedLine } from '../../src/render/source-message.ts';
import type { SourcePosition } from '../../src/schema/event-schema.ts';

const text = 'macro m() { f(); } begin { m(); }';
const inner: SourcePosition = { file: 'x', line: 1, column: 13, endLine: 1, endColumn: 16, text };
const call: SourcePosition = { file: 'x', line: 1, column: 28, endLine: 1, endColumn: 31, text };

test('a message in a macro tells where the macro was called', () => {
  const origin = `x:1:28-31: ERROR: expanded from\n${text}\n${' '.repeat(27)}~~~\n`;
  const at = { ...inner, expandedFrom: [call] };
  assert.equal(locatedLine(at, 'ERROR', 'no'), `x:1:13-16: ERROR: no\n${origin}`);
  assert.equal(
    locatedExcerpt(at, 'ERROR', 'no'),
    `x:1:13-16: ERROR: no\n${text}\n${' '.repeat(12)}~~~\n${origin}`,
  );
});

test('a message outside of macros has no more than its place', () => {
  assert.equal(locatedLine(inner, 'WARNING', 'no\n'), 'x:1:13-16: WARNING: no\n');
});

/** The part of the terminal that is drawn over again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveView } from '../../src/output/live-view.ts';

function view(columns = 80, rows = 24): { readonly live: LiveView; readonly written: string[] } {
  const written: string[] = [];
  const live = new LiveView(
    (text) => {
      if (text !== '') written.push(text);
    },
    () => ({ columns, rows }),
  );
  return { live, written };
}

test('a second drawing goes over the first', () => {
  const { live, written } = view();
  live.draw('a\nb\n');
  live.draw('c\n');
  assert.deepEqual(written, ['a\nb\n', '\u001b[2A\r\u001b[J', 'c\n']);
});

test('printed lines scroll away above the live part', () => {
  const { live, written } = view();
  live.draw('a\n');
  live.print('event\n');
  live.clear();
  assert.deepEqual(written, ['a\n', '\u001b[1A\r\u001b[Jevent\na\n', '\u001b[1A\r\u001b[J']);
});

test('what does not fit the screen is cut, so that lines can be counted', () => {
  const { live, written } = view(5, 4);
  live.draw('1234567\nb\nc\nd\ne\n');
  assert.deepEqual(written, ['1234\nb\n…\n']);
});

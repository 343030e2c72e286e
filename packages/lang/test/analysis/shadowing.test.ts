/** Variables declared twice: what is said of the first time. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { diagnose } from './analysed.ts';

/** The text and the label of the first place. */
function firstOf(text: string): readonly [string, string] {
  const [diagnostic] = diagnose(new Source('stdin', text));
  const [label] = diagnostic?.labels ?? [];
  assert.ok(label);
  return [text.slice(label.span.start, label.span.end), label.message];
}

suite('a variable that is declared again was', () => {
  test('declared', () => {
    const found = firstOf('BEGIN { let $x = 1; { let $x = 2; } }');
    assert.deepEqual(found, ['let $x', 'This is the initial declaration.']);
  });

  test('assigned', () => {
    const found = firstOf('BEGIN { $x = 1; { let $x = 2; } }');
    assert.deepEqual(found, ['$x = 1', 'This is the initial assignment.']);
  });

  test('counted by a loop', () => {
    const found = firstOf('BEGIN { for ($i : 1..10) { let $i = 1; } }');
    assert.deepEqual(found, ['$i', 'This is the loop variable.']);
  });

  test('given to a function', () => {
    const found = firstOf('fn f($x : int64): void { for ($x : 1..10) { } } BEGIN { }');
    assert.deepEqual(found, ['$x', 'This is the function parameter.']);
  });
});

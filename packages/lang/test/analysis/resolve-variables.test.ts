/** Scopes of variables, and what old scripts may do beyond them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed, assertDiagnosed, variablesOf } from './analysed.ts';

suite('variables used outside of the blocks that assign them', () => {
  test('are one variable, declared for the whole probe, with a warning', () => {
    const checked = analysed(
      'BEGIN { if (pid) { $x = (int32)1; } else { $x = (int32)2; } print($x); print($x); }',
    );
    assert.deepEqual(variablesOf(checked), ['$x: int32']);
    assertDiagnosed(`
BEGIN { if (pid) { $x = 1; } else { $x = 2; } print($x); print($x); }
                                                    ~~ Variable $x is used outside of the blocks that assign it.`);
  });

  test('are found from a later block, too', () => {
    analysed('BEGIN { if (pid) { $x = 1; } if (tid) { print($x); } }');
  });

  test('that are used nowhere else may differ in type', () => {
    const checked = analysed('BEGIN { if (pid) { $x = 1; } else { $x = "a"; } }');
    assert.equal(variablesOf(checked).length, 2);
  });

  test('declared with let stay inside', () => {
    assertDiagnosed(`
BEGIN { { let $x = 1; print($x); } print($x); }
                                         ~~ Undefined or undeclared variable: $x`);
  });
});

/** What `find` and `len` may be asked. */
import { suite, test } from 'node:test';
import { assertDiagnosed } from './analysed.ts';

suite('functions of maps', () => {
  test('len of what has no length', () => {
    assertDiagnosed(`
BEGIN { @s = 1; print(len(@s)); print(len(1)); }
                      ~~~~~~~ call to len() expects a map with explicit keys (non-scalar map)
                                      ~~~~~~ call to len() expects a map, ustack, or kstack
`);
  });

  test('find without a variable, or in a map without keys', () => {
    assertDiagnosed(`
BEGIN { @m[1] = 1; if (find(@m, 1, 2)) { } }
                       ~~~~~~~~~~~~~~ find() puts the value into a variable
`);
  });

  test('elements of a map that has no keys', () => {
    assertDiagnosed(`
BEGIN { @g = 2; if (has_key(@g, 2)) { } delete(@g, 1); }
                    ~~~~~~~~~~~~~~ call to has_key() expects a map with explicit keys (non-scalar map)
                                        ~~~~~~~~~~~~~ call to delete() with two arguments expects a map with explicit keys (non-scalar map)
`);
  });

  test('the address of a map that is never assigned', () => {
    assertDiagnosed(`
BEGIN { $x = &@none; }
              ~~~~~ Undefined map: @none
`);
  });
});

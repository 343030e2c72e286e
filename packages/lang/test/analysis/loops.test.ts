/** What loops may go over. */
import { suite, test } from 'node:test';
import { assertDiagnosed } from './analysed.ts';

suite('loops', () => {
  test('over maps that cannot be gone through', () => {
    assertDiagnosed(`
BEGIN { @s = 1; for ($kv : @s) { } for ($kv : @none) { } @h[1] = hist(2); for ($kv : @h) { } }
                           ~~ @s has no explicit keys (scalar map), and cannot be used for iteration
                                              ~~~~~ Undefined map: @none
                                                                                     ~~ Loop expression does not support type: hist_t
`);
  });
});

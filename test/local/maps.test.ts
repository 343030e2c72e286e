/** Maps: keys of all kinds, their order in print, and what the calls on maps do. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { blockCases } from '../support/block-cases.ts';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

blockCases('keys and values', [
  ['@m1["a", 1, (uint8)3] = "v"; print(@m1);', '@m1[a, 1, 3]: v\n'],
  ['@m2["x"] = (1, "y"); print(@m2["x"]); printf("%s", @m2["x"].1);', '(1, y)\ny'],
  ['@m3[(1, "x")] = 1; @m3[2, "y"] = 2; print(@m3);', '@m3[1, x]: 1\n@m3[2, y]: 2\n'],
  ['@m4[1, (2, 3)] = 1; print(@m4);', '@m4[1, (2, 3)]: 1\n'],
  ['@m5["é"] = "日本"; print(@m5);', '@m5[é]: 日本\n'],
  ['@m6 = "a"; @m6 = "something longer"; printf("%s", @m6);', 'something longer'],
  ['printf("%d %d", @m7, @m8["absent"]); @m7 = 1; @m8["x"] = 1;', '0 0'],
  ['@m9[-1] = 1; $a = (int32)-1; printf("%d", @m9[$a]);', '1'],
  ['@m10 = true; printf("%d", @m10); print(@m10);', '1@m10: true\n'],
  ['@m11 = (int8*)4096; print(@m11);', '@m11: 0x1000\n'],
]);

blockCases('order', [
  ['@o1["c"] = 3; @o1["a"] = 30; @o1["b"] = 4; print(@o1);', '@o1[c]: 3\n@o1[b]: 4\n@o1[a]: 30\n'],
  ['@o2[1] = -5; @o2[2] = 3; @o2[3] = -50; print(@o2);', '@o2[3]: -50\n@o2[1]: -5\n@o2[2]: 3\n'],
  [
    '@o3["c"] = "x"; @o3["a"] = "z"; @o3["b"] = "y"; print(@o3);',
    '@o3[a]: z\n@o3[b]: y\n@o3[c]: x\n',
  ],
  [
    '@o4[5] = "x"; @o4[-1] = "x"; @o4[-100] = "x"; print(@o4);',
    '@o4[-100]: x\n@o4[-1]: x\n@o4[5]: x\n',
  ],
  [
    '@o5[2, "a"] = "x"; @o5[1, "b"] = "x"; @o5[1, "a"] = "x"; print(@o5);',
    '@o5[1, a]: x\n@o5[1, b]: x\n@o5[2, a]: x\n',
  ],
  [
    '@o6[1, 9] = 1; @o6[1, 2] = 1; @o6[0, 5] = 1; print(@o6);',
    '@o6[0, 5]: 1\n@o6[1, 2]: 1\n@o6[1, 9]: 1\n',
  ],
]);

blockCases('calls', [
  ['@c1[1] = 1; @c1[2] = 5; @c1[3] = 2; print(@c1, 2);', '@c1[3]: 2\n@c1[2]: 5\n'],
  ['@c2[1] = 10; @c2[2] = 57; print(@c2, 5, 10);', '@c2[1]: 1\n@c2[2]: 5\n'],
  ['@c3[1] = 10; @c3[2] = 57; print(@c3, 0, 2);', '@c3[1]: 5\n@c3[2]: 28\n'],
  ['@c4[1] = 1; print(@c4); clear(@c4); print(@c4);', '@c4[1]: 1\n'],
  ['@c5[1] = 9; zero(@c5); print(@c5);', '@c5[1]: 0\n'],
  ['@c6["a"] = count(); print(@c6); zero(@c6); print(@c6);', '@c6[a]: 1\n@c6[a]: 0\n'],
  ['@c7[1] = 1; @c7[2] = 2; delete(@c7, 1); print(@c7);', '@c7[2]: 2\n'],
  ['@c8[1, "x"] = 1; @c8[2, "y"] = 2; delete(@c8[1, "x"]); print(@c8);', '@c8[2, y]: 2\n'],
  ['@c9[1] = 1; printf("%d %d", delete(@c9, 1), delete(@c9, 1));', '1 0'],
  ['@c10["a"] = 0; printf("%d %d", has_key(@c10, "a"), has_key(@c10, "b"));', '1 0'],
  ['@c11 = 5; delete(@c11); printf("%d", @c11);', '0'],
  ['@c12["a"] = hist(4); clear(@c12); print(@c12); printf("none");', 'none'],
  ['@c13[1] = count(); @c13[2] = count(); @c13[2] = count(); print(@c13, 1);', '@c13[2]: 2\n'],
]);

blockCases('updates in place', [
  ['@u1++; ++@u1; @u1 += 10; @u1--; printf("%d", @u1);', '11'],
  ['@u2["a"]++; @u2["a"] += 4; @u2["b"] -= 1; print(@u2);', '@u2[b]: -1\n@u2[a]: 5\n'],
  [
    '@u3 = 6; @u3 *= 7; @u3 /= 4; @u3 %= 7; @u3 <<= 2; @u3 |= 1; @u3 ^= 4; @u3 &= 29; printf("%d", @u3);',
    '9',
  ],
  ['@u4 = 5; $a = @u4++; $b = ++@u4; printf("%d %d %d", $a, $b, @u4);', '5 7 7'],
]);

suite('a full map', { skip: notRoot(), concurrency: true }, () => {
  const program =
    'config = { max_map_keys = 10 } BEGIN { for ($i : 0..25) { @a[$i] = 1; @c[$i] = count(); } }';
  const keys = [...Array(10).keys()];
  const full = `${keys.map((key) => `@a[${key}]: 1\n`).join('')}${keys.map((key) => `@c[${key}]: 1\n`).join('')}`;

  test('keeps what it has, warns with the position, and counts what it refused', async () => {
    const { out, err, exitCode } = await local(['-q', '-e', program]);
    assert.equal(out, `\n\n${full}`);
    const [first = '', helper, line, marks] = err.split('\n');
    assert.equal(
      first,
      "stdin:1:59-65: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration e.g. `let @a = hash(5000)`",
    );
    assert.equal(helper, 'Additional Info - helper: map_update_elem, retcode: -7');
    assert.equal(line, program);
    assert.equal(marks, `${' '.repeat(58)}~~~~~~`);
    assert.match(err, /^WARNING: Total count of updates refused by full maps: 30$/m);
    assert.equal(exitCode, 0);
  });

  test('says so in JSON too', async () => {
    const { out } = await local(['-f', 'json', '-e', program]);
    const warning =
      '{"type": "helper_error", "msg": "Argument list too long", "helper": "map_update_elem", "retcode": -7, "filename": "stdin", "line": 1, "col": 59}';
    assert.ok(out.split('\n').includes(warning), out);
  });

  test('can be declared with room for fewer keys', async () => {
    const { out, err } = await local([
      '-q',
      '-e',
      'let @a = hash(3); BEGIN { for ($i : 0..5) { @a[$i] = 1; } }',
    ]);
    assert.equal(out, '\n\n@a[0]: 1\n@a[1]: 1\n@a[2]: 1\n');
    assert.match(err, /refused by full maps: 2$/m);
  });
});

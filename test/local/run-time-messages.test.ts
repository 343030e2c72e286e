/** What is said about a program while it runs, byte for byte, with the place in its source. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const cases: readonly (readonly [name: string, argv: readonly string[], err: string])[] = [
  [
    'errorf says where it stands',
    ['begin { errorf("bad: %d", 1); }'],
    'stdin:1:9-29: ERROR: bad: 1\n',
  ],
  ['warnf as well', ['begin { warnf("odd: %s", "x"); }'], 'stdin:1:9-30: WARNING: odd: x\n'],
  ['warnf is silent without warnings', ['begin { warnf("odd"); }', '--no-warnings'], ''],
  [
    'errorf of a macro says where it was called, too',
    ['macro bad() { errorf("bad"); } begin { bad(); }'],
    `stdin:1:15-28: ERROR: bad
stdin:1:40-45: ERROR: expanded from
macro bad() { errorf("bad"); } begin { bad(); }
                                       ~~~~~
`,
  ],
  [
    'a missing element is reported with -k',
    ['begin { @[1] = 1; print((@[2], 1)); clear(@); }', '-k'],
    `stdin:1:26-30: WARNING: Can't lookup map element because it does not exist.
Additional Info - helper: map_lookup_elem, retcode: 0
begin { @[1] = 1; print((@[2], 1)); clear(@); }
                         ~~~~
`,
  ],
  ['and not without', ['begin { @[1] = 1; print((@[2], 1)); clear(@); }'], ''],
  [
    'failed reads are not reported without -k',
    ['begin { print(str((int8 *)1)); print(*(int32 *)1); }'],
    '',
  ],
];

suite('messages of running programs', { skip: notRoot(), concurrency: 2 }, () => {
  for (const [name, [program = '', ...options], err] of cases) {
    test(name, async () => {
      assert.equal((await local(['-q', ...options, '-e', program])).err, err);
    });
  }

  test('failed reads are reported with -k, each with what was read', async () => {
    const { err } = await local([
      '-q',
      '-k',
      '-e',
      'begin { print(str((int8 *)1)); print(*(int32 *)1); }',
    ]);
    assert.match(
      err,
      /^stdin:1:15-29: WARNING: .*\nAdditional Info - helper: probe_read_kernel_str, retcode: -\d+$/m,
    );
    assert.match(
      err,
      /^stdin:1:\d+-\d+: WARNING: .*\nAdditional Info - helper: probe_read_kernel, retcode: -\d+$/m,
    );
  });

  test('for tools, too', async () => {
    const { out, err } = await local([
      '-q',
      '-k',
      '-f',
      'json',
      '-e',
      'begin { $x = *(int32 *)1; }',
    ]);
    assert.match(
      out + err,
      /^\{"type": "helper_error", "msg": "[^"]+", "helper": "probe_read_kernel", "retcode": -\d+, "filename": "stdin", "line": 1, "col": 1\d\}$/m,
    );
  });

  test('cat says why it cannot read a file', async () => {
    const { out } = await local(['-q', '-e', 'begin { cat("/does/not/exist"); }']);
    assert.ok(
      out.startsWith("ERROR: failed to open file '/does/not/exist' (No such file or directory)\n"),
      out,
    );
  });

  test('exit() stops a probe that would go on', async () => {
    const { out } = await local(['-q', '-e', 'interval:ms:1 { @n = count(); exit(); }']);
    assert.match(out, /^@n: 1$/m);
  });
});

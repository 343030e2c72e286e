/** Searching and comparing text, short and long, in code that runs and in code that cannot. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { blockCases } from '../support/block-cases.ts';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';

blockCases('text search', [
  [
    '@a = "hello world"; @b = "wor"; printf("%d %d %d", strstr(@a, @b), strstr(@b, @a), strstr(@a, "d"));',
    '6 -1 10',
  ],
  [
    '@a = "hello"; @e = ""; printf("%d %d %d", strstr(@a, @e), strstr(@e, @a), strstr(@e, @e));',
    '0 -1 0',
  ],
  ['@a = "aaaaaaab"; @b = "aab"; printf("%d %d", strstr(@a, @b), strcontains(@b, @a));', '5 0'],
  ['@a = "hello"; printf("%d %d", strcontains(@a, "lo"), strcontains(@a, "lx"));', '1 0'],
  [
    '@a = "hello"; @b = "l"; for ($i : 0..100) { if (strstr(@a, @b) + $i == 4) { printf("%d", $i); break; } }',
    '2',
  ],
  ['@a = "x"; @b = "y"; if ("abc" == "abd") { printf("%d", strstr(@a, @b)); } printf("no");', 'no'],
]);

blockCases('long text', [
  [
    `@a = "${ALPHABET}"; @b = "${ALPHABET}"; @c = "${ALPHABET}K"; printf("%d %d %d %d", strncmp(@a, @b, 200), strncmp(@a, @c, 200), strncmp(@a, @c, 46), strncmp(@a, @c, 47));`,
    '0 1 0 1',
  ],
  [
    `@a = "${ALPHABET}"; @b = "${ALPHABET.slice(0, 40)}ghij"; printf("%d %d", strncmp(@a, @b, 40), strncmp(@a, @b, 41));`,
    '0 1',
  ],
]);

suite('text of almost 64 KiB', { skip: notRoot() }, () => {
  test('is a variable, a key, a value and an operand like other text', async () => {
    const { out, err, exitCode } = await local([
      '-q',
      '-e',
      `config = { max_strlen = 65000; print_maps_on_exit = false }
      BEGIN {
        let $none = str((uint64)1);
        let $long : string[65000] = "${ALPHABET}";
        @copy = $long;
        @by_text[$long, 1] = $none;
        if (@copy == $long && @copy != $none && $none == "") { printf("same\\n"); }
        printf("%d %d\\n", strncmp(@copy, $long, 65000), strncmp(@copy, $none, 65000));
        printf("%d %d\\n", strstr($long, @copy), strstr($long, "hij"));
        for ($kv : @by_text) { printf("%s%s\\n", $kv.0.0, $kv.1); }
        exit();
      }`,
    ]);
    assert.equal(err, '');
    assert.equal(out.trimEnd(), `same\n0 1\n0 17\n${ALPHABET}`);
    assert.equal(exitCode, 0);
  });
});

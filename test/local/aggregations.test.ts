/** Aggregations and histograms of known values, byte for byte. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockCases } from '../support/block-cases.ts';
import { printed } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const FULL = '@'.repeat(52);
const HALF = '@'.repeat(26).padEnd(52);
const NONE = ' '.repeat(52);

blockCases('aggregations', [
  ['@c = count(); @c = count(); print(@c);', '@c: 2\n'],
  [
    '@ck["a"] = count(); @ck["b"] = count(); @ck["a"] = count(); print(@ck);',
    '@ck[b]: 1\n@ck[a]: 2\n',
  ],
  ['@s = sum(5); @s = sum(-7); print(@s);', '@s: -2\n'],
  ['@us = sum((uint64)5); @us = sum((uint64)7); print(@us);', '@us: 12\n'],
  [
    '@sk[1] = sum(5); @sk[2] = sum(-7); @sk[3] = sum(0); print(@sk);',
    '@sk[2]: -7\n@sk[3]: 0\n@sk[1]: 5\n',
  ],
  ['@mn = min(4); @mn = min(-4); @mn = min(9); print(@mn);', '@mn: -4\n'],
  ['@mx = max(-5); @mx = max(-3); @mx = max(-9); print(@mx);', '@mx: -3\n'],
  [
    '@mu = max(0xffffffffffffffff); @mu = max((uint64)1); print(@mu);',
    '@mu: 18446744073709551615\n',
  ],
  [
    '@mk[1] = min(5); @mk[2] = min(1); @mk[3] = min(-7); print(@mk);',
    '@mk[3]: -7\n@mk[2]: 1\n@mk[1]: 5\n',
  ],
  ['@a = avg(-10); @a = avg(4); print(@a);', '@a: -3\n'],
  [
    '@ak["x"] = avg(5); @ak["x"] = avg(8); @ak["y"] = avg(1); print(@ak);',
    '@ak[y]: 1\n@ak[x]: 6\n',
  ],
  [
    '@st = stats(-10); @st = stats(3); print(@st);',
    '@st: { .count = 2, .average = -3, .total = -7 }\n',
  ],
  [
    '@sb["x"] = stats(5); @sb["y"] = stats(1); @sb["y"] = stats(2); print(@sb);',
    '@sb[y]: { .count = 2, .average = 1, .total = 3 }\n@sb[x]: { .count = 1, .average = 5, .total = 5 }\n',
  ],
  ['@r = count(); @r = count(); printf("%d %d", @r, @r > 1);', '2 1'],
  ['@rs = sum(-3); @rs = sum(1); printf("%d", (int64)@rs);', '-2'],
  ['@rm = max(3); @rm = max(8); $x = @rm; printf("%d", $x);', '8'],
  ['@ra = avg(10); @ra = avg(21); printf("%d", @ra);', '15'],
  ['@rk["a"] = count(); printf("%d %d", @rk["a"], @rk["b"]);', '1 0'],
]);

blockCases('histograms', [
  ['@h1 = hist(0); print(@h1);', `@h1:\n[0]                    1 |${FULL}|\n\n`],
  ['@h2 = hist(1); print(@h2);', `@h2:\n[1]                    1 |${FULL}|\n\n`],
  [
    '@h3 = hist(2); @h3 = hist(3); @h3 = hist(4); @h3 = hist(7); @h3 = hist(8); print(@h3);',
    `@h3:\n[2, 4)                 2 |${FULL}|\n[4, 8)                 2 |${FULL}|\n[8, 16)                1 |${HALF}|\n\n`,
  ],
  [
    '@h4 = hist(-1); @h4 = hist((int64)-9223372036854775807 - 1); @h4 = hist(1); print(@h4);',
    `@h4:\n(..., 0)               2 |${FULL}|\n[0]                    0 |${NONE}|\n[1]                    1 |${HALF}|\n\n`,
  ],
  ['@h5 = hist(9223372036854775807); print(@h5);', `@h5:\n[4E, 8E)               1 |${FULL}|\n\n`],
  [
    '@h6 = hist(1023); @h6 = hist(1024); @h6 = hist(2047); print(@h6);',
    `@h6:\n[512, 1K)              1 |${HALF}|\n[1K, 2K)               2 |${FULL}|\n\n`,
  ],
  ['@h7 = hist(1048576); print(@h7);', `@h7:\n[1M, 2M)               1 |${FULL}|\n\n`],
  [
    'for ($i : 0..16) { @h8 = hist($i); } print(@h8);',
    [
      '@h8:',
      `[0]                    1 |${'@'.repeat(6).padEnd(52)}|`,
      `[1]                    1 |${'@'.repeat(6).padEnd(52)}|`,
      `[2, 4)                 2 |${'@'.repeat(13).padEnd(52)}|`,
      `[4, 8)                 4 |${HALF}|`,
      `[8, 16)                8 |${FULL}|`,
      '\n',
    ].join('\n'),
  ],
  [
    '@h9["b"] = hist(3); @h9["a"] = hist(1); @h9["a"] = hist(1); print(@h9);',
    `@h9[b]:\n[2, 4)                 1 |${FULL}|\n\n@h9[a]:\n[1]                    2 |${FULL}|\n\n`,
  ],
  [
    '@hk = hist(100, 2); @hk = hist(101, 2); @hk = hist(112, 2); print(@hk);',
    `@hk:\n[96, 112)              2 |${FULL}|\n[112, 128)             1 |${HALF}|\n\n`,
  ],
]);

blockCases('linear histograms', [
  [
    '@l1 = lhist(-1, 0, 30, 10); @l1 = lhist(0, 0, 30, 10); @l1 = lhist(9, 0, 30, 10); @l1 = lhist(30, 0, 30, 10); print(@l1);',
    [
      '@l1:',
      `(..., 0)               1 |${HALF}|`,
      `[0, 10)                2 |${FULL}|`,
      `[10, 20)               0 |${NONE}|`,
      `[20, 30)               0 |${NONE}|`,
      `[30, ...)              1 |${HALF}|`,
      '\n',
    ].join('\n'),
  ],
  [
    '@l2 = lhist(10, 0, 100, 10); @l2 = lhist(29, 0, 100, 10); print(@l2);',
    `@l2:\n[10, 20)               1 |${FULL}|\n[20, 30)               1 |${FULL}|\n\n`,
  ],
  [
    '@l3 = lhist(5000, 1000, 2000, 100); print(@l3);',
    `@l3:\n[2000, ...)            1 |${FULL}|\n\n`,
  ],
  ['@l4 = lhist(2048, 0, 8192, 1024); print(@l4);', `@l4:\n[2K, 3K)               1 |${FULL}|\n\n`],
  [
    '@l5[1, "x"] = lhist(5, 0, 10, 1); print(@l5);',
    `@l5[1, x]:\n[5]                    1 |${FULL}|\n\n`,
  ],
]);

test(
  'maps that nobody printed come last, by name, after two empty lines',
  { skip: notRoot() },
  async () => {
    const out = await printed(
      'BEGIN { @z = 1; @k["x", 2] = count(); @h = hist(2); @ = 7; @empty["a"] = 1; delete(@empty, "a"); printf("first\\n"); }',
    );
    assert.equal(
      out,
      `first\n\n\n@: 7\n@h:\n[2, 4)                 1 |${FULL}|\n\n@k[x, 2]: 1\n@z: 1\n`,
    );
  },
);

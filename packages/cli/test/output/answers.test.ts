/** Golden texts of what is answered about maps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffText } from '../../src/output/diff-text.ts';
import { outliersText } from '../../src/output/outliers-text.ts';
import { changeText } from '../../src/output/share-text.ts';
import { topText } from '../../src/output/top-text.ts';
import { session } from '../support/fake-coordinator.ts';

const S1 = session('ended', { a: 'ended' });
const S2 = { ...S1, id: 's2' };

test('the largest keys, with their part of all', () => {
  const text = topText({
    session: S1,
    range: { fromNs: 1_700_000_000_000_000_000n, toNs: 1_700_000_060_000_000_000n },
    maps: [
      {
        map: '@',
        measure: 'count',
        entries: [
          { key: 'read', value: 90n, hosts: 3 },
          { key: '(a, 5)', value: 10n, hosts: 1 },
        ],
        of: 7,
        sum: 110n,
      },
      {
        map: '@st',
        measure: 'hits',
        entries: [
          { host: 'w\u001b[1m', key: '\n   vfs_read+5\n   ksys_read+9\n', value: 5n, hosts: 1 },
        ],
        of: 1,
        sum: 5n,
      },
      { map: '@m', measure: 'max', entries: [{ value: 5n, hosts: 1 }], of: 1 },
    ],
  });
  assert.equal(
    text,
    [
      'from 2023-11-14 22:13:20.000Z to 2023-11-14 22:14:20.000Z',
      '',
      '@: 2 of 7 entries, count 110 in all',
      'KEY   COUNT  SHARE  HOSTS',
      'read     90  81.8%      3',
      'a, 5     10   9.1%      1',
      '',
      '@st: 1 entry, hits 5 in all',
      'KEY                                 HITS   SHARE  HOSTS',
      String.raw`w\x1b[1m, vfs_read+5 < ksys_read+9     5  100.0%      1`,
      '',
      '@m: 1 entry',
      'MAX  HOSTS',
      '  5      1',
      '',
    ].join('\n'),
  );
});

test('what moved between two runs of different lengths, keys and buckets', () => {
  const text = diffText(
    {
      before: { session: S1, durationMs: 30_000 },
      after: { session: S2, durationMs: 60_000 },
      notCompared: { '@x': 'only in s1' },
      maps: [
        {
          map: '@',
          measure: 'count',
          unmoved: 3,
          moves: [
            { key: 'read', before: 100n, after: 300n, size: 200n },
            { key: 'new', after: 5n, size: 5n },
            { key: 'w', before: 9n, after: 6n, size: 3n },
          ],
        },
        {
          map: '@ns',
          measure: 'hits',
          type: { kind: 'hist', bits: 0 },
          unmoved: 0,
          moves: [
            {
              key: 'read',
              before: 100n,
              after: 120n,
              size: 100n,
              distance: 0.4,
              shift: 1.25,
              buckets: [
                { bucket: 4, before: 80n, after: 40n },
                { bucket: 5, before: 20n, after: 20n },
                { bucket: 9, before: 0n, after: 60n },
              ],
            },
          ],
        },
      ],
    },
    2,
  );
  assert.equal(
    text,
    [
      'before s1 (30.0 s)',
      'after  s2 (60.0 s)',
      '',
      '@: 3 moved, the 2 largest of them here, 3 did not',
      'KEY   BEFORE  AFTER  CHANGE  RELATIVE  PER SECOND',
      'read  100       300    +200  ×3.0      +50.0%',
      'new   -           5      +5  new       new',
      '',
      '@ns: 1 moved, 0 did not',
      '@ns[read]: hits 100 to 120 (+20.0%), distance 0.400, 1.3 buckets higher',
      'BUCKET      BEFORE  AFTER  CHANGE  SHARE   THEN',
      '[4, 8)          80     40     -40  80.0%  33.3%  -----------',
      '[8, 16)         20     20       0  20.0%  16.7%  -',
      '[128, 256)       0     60     +60   0.0%  50.0%  ++++++++++++',
      '',
      '@x: not compared: only in s1',
      '',
    ].join('\n'),
  );
});

test('hosts that differ, and why', () => {
  const answer = {
    session: S1,
    map: '@ns',
    key: 'read',
    measure: 'hits',
    threshold: 3.5,
    median: 0.1,
    deviation: 0.02,
    hosts: [
      {
        host: 'odd',
        value: 500n,
        distance: 0.8,
        shift: 3,
        score: 35,
        outlier: true,
        reason: 'far',
      },
      { host: 'b', value: 50n, distance: 0.1, shift: 0, score: 0, outlier: false, reason: 'near' },
    ],
  } as const;
  const head = [
    '@ns[read]: 1 of 2 hosts differ in their shape, by the Jensen–Shannon distance from all other hosts (0 alike, 1 nothing in common)',
    'median 0.100, robust standard deviation 0.020; an outlier is 3.5 or more of them away, and 0.1 or more in distance',
    '',
  ];
  assert.equal(
    outliersText(answer, false),
    [...head, 'HOST  SCORE  HITS  REASON', 'odd    35.0   500  far', ''].join('\n'),
  );
  assert.equal(
    outliersText(answer, true),
    [
      ...head,
      'HOST            SCORE  HITS  REASON',
      'odd              35.0   500  far',
      'b (no outlier)    0.0    50  near',
      '',
    ].join('\n'),
  );
});

test('changes are told so that they can be read', () => {
  const told = [
    [10, 10],
    [0, 5],
    [5, 0],
    [10, 11],
    [10, 5],
    [10, 45],
  ].map(([a = 0, b = 0]) => changeText(a, b));
  assert.deepEqual(told, ['0.0%', 'new', 'gone', '+10.0%', '-50.0%', '×4.5']);
});

/** `tseries` in the kernel, with a clock that the program sets. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const SETTINGS = {
  BPFTRACE_DUMMY_TS_MAP: '@now',
  BPFTRACE_UNSTABLE_TSERIES: 'enable',
  TZ: 'UTC',
};

/** The values of a series of one-second intervals, one for each; `-` where nothing happened. */
async function values(statements: string): Promise<readonly string[]> {
  const program = `begin { @now = (uint64)100s; ${statements} clear(@now); }`;
  const { out, err } = await local(['-q', '-e', program], SETTINGS);
  assert.equal(err, '');
  return [...out.matchAll(/^\d\d:\d\d:\d\d\S* .* (-?\d+|-)$/gm)].map(([, value = '']) => value);
}

const cases: readonly (readonly [name: string, statements: string, ...values: string[]])[] = [
  ['keeps the last value', '@ = tseries(1, 1s, 3); @ = tseries(-2, 1s, 3);', '-2'],
  ['adds up', '@ = tseries(1, 1s, 3, "sum"); @ = tseries(-3, 1s, 3, "sum");', '-2'],
  ['averages', '@ = tseries(1, 1s, 3, "avg"); @ = tseries(4, 1s, 3, "avg");', '2'],
  ['keeps the least', '@ = tseries(1, 1s, 3, "min"); @ = tseries(-3, 1s, 3, "min");', '-3'],
  ['keeps the greatest', '@ = tseries(-5, 1s, 3, "max"); @ = tseries(-3, 1s, 3, "max");', '-3'],
  [
    'forgets intervals of which there are too many, and shows gaps',
    '@ = tseries(1, 1s, 3); @now += 1s; @ = tseries(2, 1s, 3); @now += 2s; @ = tseries(4, 1s, 3);',
    '2',
    '-',
    '4',
  ],
  [
    'begins an interval anew when its slot comes round',
    '@ = tseries(5, 1s, 2, "sum"); @now += 2s; @ = tseries(6, 1s, 2, "sum");',
    '6',
  ],
  [
    'ends all keys with the same interval',
    '@["a"] = tseries(1, 1s, 3); @now += 1s; @["b"] = tseries(2, 1s, 3);',
    '1',
    '-',
    '2',
  ],
];

suite('tseries', { skip: notRoot(), concurrency: 2 }, () => {
  for (const [name, statements, ...expected] of cases) {
    test(name, async () => {
      assert.deepEqual(await values(statements), expected);
    });
  }

  test('is a list of intervals for tools, in UTC', async () => {
    const program = 'begin { @now = (uint64)100500ms; @ = tseries(7, 100ms, 3); clear(@now); }';
    const { out } = await local(['-q', '-f', 'json', '-e', program], {
      ...SETTINGS,
      TZ: 'Asia/Tokyo',
    });
    const data = '{"@": [{"interval_start":"1970-01-01 00:01:40.500000000","value":7}]}';
    assert.equal(out, `{"type": "tseries", "data": ${data}}\n`);
  });

  test('counts by the time of day where no test sets the clock', async () => {
    const before = Date.now();
    const { out } = await local(['-q', '-f', 'json', '-e', 'begin { @ = tseries(1, 1ms, 1); }'], {
      BPFTRACE_UNSTABLE_TSERIES: 'enable',
    });
    const start = /"interval_start":"([^"]*)"/.exec(out)?.[1] ?? '';
    const time = Date.parse(`${start.slice(0, 23).replace(' ', 'T')}Z`);
    assert.ok(time >= before - 1000 && time <= Date.now() + 1000, out);
  });
});

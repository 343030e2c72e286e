/** Results of tests and benchmarks, as bpftrace prints them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderJson, renderText, type OutputItem } from '@bpfleet/protocol';

function plain(item: OutputItem): string {
  // eslint-disable-next-line no-control-regex
  return renderText(item).text.replaceAll(/\u001B\[[0-9]+m/g, '');
}

const tests = ['sum', 'product'];
const passed: OutputItem = {
  kind: 'test-result',
  tests,
  passed: [true],
  durationNs: 999n,
  output: 'unseen\n',
};
const failed: OutputItem = {
  kind: 'test-result',
  tests,
  passed: [true, false],
  durationNs: 12_345n,
  output: 'why\n\n',
};

test('a test that passes says so without what it printed', () => {
  assert.equal(
    plain(passed),
    '[==========] Running 2 tests.\n[ RUN      ] sum\n[       OK ] sum (999 ns)\n',
  );
});

test('a test that fails shows what it printed, and the last test sums up', () => {
  assert.equal(
    plain(failed),
    [
      '[ RUN      ] product',
      'why',
      '[  FAILED  ] product (12 us)',
      '[==========] 2 tests ran.',
      '[  PASSED  ] 1 test.',
      '[  FAILED  ] 1 test, listed below:',
      '[  FAILED  ] product',
      '',
    ].join('\n'),
  );
});

test('a test result is an object by the name of its test', () => {
  assert.equal(
    renderJson(failed),
    '{"type": "test_result", "data": {"product": {"duration": 12345, "passed": false, "output": "why\\n\\n"}}}\n',
  );
});

const benchmark = {
  kind: 'benchmark-result',
  name: 'sum',
  benchmarks: ['sum'],
  first: true,
  averageNs: 51n,
  iterations: 20_000,
} as const;

test('benchmarks are rows of a table', () => {
  const row = 'sum                                      51             20000\n';
  assert.equal(renderText({ ...benchmark, first: false }).text, row);
  assert.equal(
    renderText(benchmark).text,
    `Benchmark                                Time(ns)       Iterations\n${'-'.repeat(66)}\n${row}`,
  );
});

test('a benchmark is an object by its name', () => {
  assert.equal(
    renderJson(benchmark),
    '{"type": "benchmark_result", "data": {"sum": {"average": 51, "iters": 20000}}}\n',
  );
});

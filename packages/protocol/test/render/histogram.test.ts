/** Histograms, to the column. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MapValueType } from '@bpfleet/protocol';
import { histogramRows, histogramText } from '@bpfleet/protocol';

type Histogram = Extract<MapValueType, { kind: 'hist' | 'lhist' }>;

function text(type: Histogram, buckets: Record<number, number>, divisor = 1n): string[] {
  const list = Object.entries(buckets).map(([i, count]) => [Number(i), BigInt(count)] as const);
  return histogramText(histogramRows(type, list, divisor))
    .split('\n')
    .slice(0, -1);
}

function labels(type: Histogram, ...indices: number[]): string[] {
  return indices.map((index) => (text(type, { [index]: 1 })[0] ?? '').slice(0, 16).trimEnd());
}

const BAR = '@'.repeat(52);
const HIST: Histogram = { kind: 'hist', bits: 0 };

test('rows go from the first to the last bucket that counted anything', () => {
  assert.deepEqual(text(HIST, { 3: 1, 5: 2 }), [
    `[2, 4)                 1 |${'@'.repeat(26)}${' '.repeat(26)}|`,
    `[4, 8)                 0 |${' '.repeat(52)}|`,
    `[8, 16)                2 |${BAR}|`,
  ]);
});

test('negative numbers have a row of their own, small ones one each', () => {
  assert.deepEqual(labels(HIST, 0, 1, 2, 3, 4), ['(..., 0)', '[0]', '[1]', '[2, 4)', '[4, 8)']);
});

test('powers of two are shortened from 1K on', () => {
  assert.deepEqual(labels(HIST, 10, 11, 20, 21, 31, 41, 51, 61, 64), [
    '[256, 512)',
    '[512, 1K)',
    '[256K, 512K)',
    '[512K, 1M)',
    '[512M, 1G)',
    '[512G, 1T)',
    '[512T, 1P)',
    '[512P, 1E)',
    '[4E, 8E)',
  ]);
});

test('sub-buckets divide each power of two', () => {
  const type: Histogram = { kind: 'hist', bits: 2 };
  assert.deepEqual(labels(type, 1, 4, 5, 8, 9, 10, 12, 13, 27), [
    '[0]',
    '[3]',
    '[4]',
    '[7]',
    '[8, 10)',
    '[10, 12)',
    '[14, 16)',
    '[16, 20)',
    '[192, 224)',
  ]);
});

test('a bar is cut off, not rounded', () => {
  const [first] = text(HIST, { 1: 199, 2: 200 });
  assert.equal(first, `[0]                  199 |${'@'.repeat(51)} |`);
});

test('a bar is as long as single precision makes it', () => {
  const [first] = text(HIST, { 1: 15, 2: 26 });
  assert.equal(first, `[0]                   15 |${'@'.repeat(30)}${' '.repeat(22)}|`);
});

test('counts that are wider than their column push the bar', () => {
  const [first] = text(HIST, { 1: 1_234_567_890 });
  assert.equal(first, `[0]             1234567890 |${BAR}|`);
});

test('counts beyond 31 bits are there', () => {
  assert.equal(text(HIST, { 1: 1, 3: 2 ** 31 }).length, 3);
});

test('a divisor divides the counts; what it makes 0 has no bar', () => {
  assert.deepEqual(text(HIST, { 1: 5, 2: 20 }, 10n), [
    `[0]                    0 |${' '.repeat(52)}|`,
    `[1]                    2 |${BAR}|`,
  ]);
  assert.deepEqual(text(HIST, { 1: 5 }, 10n), [`[0]                    0 |${' '.repeat(52)}|`]);
});

test('linear buckets are open at both ends', () => {
  const type: Histogram = { kind: 'lhist', min: 0n, max: 10n, step: 5n };
  assert.deepEqual(labels(type, 0, 1, 2, 3), ['(..., 0)', '[0, 5)', '[5, 10)', '[10, ...)']);
});

test('the last linear bucket takes what the steps leave over', () => {
  const type: Histogram = { kind: 'lhist', min: 0n, max: 10n, step: 3n };
  assert.deepEqual(labels(type, 3, 4), ['[6, 9)', '[9, ...)']);
});

test('linear buckets of one number show it, and may be negative', () => {
  const type: Histogram = { kind: 'lhist', min: -2n, max: 2n, step: 1n };
  assert.deepEqual(labels(type, 0, 1, 4, 5), ['(..., -2)', '[-2]', '[1]', '[2, ...)']);
});

test('linear bounds are shortened only where all of them can be', () => {
  const kilo: Histogram = { kind: 'lhist', min: 0n, max: 2_097_152n, step: 524_288n };
  assert.deepEqual(labels(kilo, 1, 2, 3), ['[0, 512K)', '[512K, 1M)', '[1M, 1536K)']);
  const thousand: Histogram = { kind: 'lhist', min: 0n, max: 4096n, step: 1000n };
  assert.deepEqual(labels(thousand, 2), ['[1000, 2000)']);
});

/** Times as strftime(3) writes them, checked against a second implementation: Date’s own parts. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { strftime } from '@bpfleet/protocol';
import fc from 'fast-check';

/** 2024-02-29 09:05:03.012345678, in whatever zone the test runs. */
const TIME = BigInt(new Date(2024, 1, 29, 9, 5, 3).getTime()) * 1_000_000n + 12_345_678n;

const cases: readonly (readonly [string, string])[] = [
  ['%H:%M:%S\n', '09:05:03\n'],
  ['%Y-%m-%d', '2024-02-29'],
  ['%F %T', '2024-02-29 09:05:03'],
  ['%a %A %b %B %h', 'Thu Thursday Feb February Feb'],
  ['%e|%j|%y|%C', '29|060|24|20'],
  ['%I %p %P', '09 AM am'],
  ['%c', 'Thu Feb 29 09:05:03 2024'],
  ['%D %R %r', '02/29/24 09:05 09:05:03 AM'],
  ['%x %X', '02/29/24 09:05:03'],
  ['%u %w %U %W %V %G %g', '4 4 08 09 09 2024 24'],
  ['%% %n %t', '% \n \t'],
  ['%q %', '%q %'],
];

for (const [format, expected] of cases) {
  test(`${JSON.stringify(format)} is ${JSON.stringify(expected)}`, () => {
    assert.equal(strftime(format, TIME, 'plain'), expected);
  });
}

test('strftime() has fractions of a second where time() has hours', () => {
  assert.equal(strftime('%f %k %l', TIME, 'subsecond'), '012345 012345678 012');
  assert.equal(strftime('%k %l', TIME, 'plain'), ' 9  9');
});

test('time 0 is unknown to strftime()', () => {
  assert.equal(strftime('%S', 999n, 'subsecond'), '(?)');
});

test('times that no calendar has are unknown', () => {
  assert.equal(strftime('%S', 1n << 75n, 'plain'), '(?)');
});

test('the last days of December may belong to the first week of the next year', () => {
  const day = BigInt(new Date(2024, 11, 30).getTime()) * 1_000_000n;
  assert.equal(strftime('%G-W%V-%u', day, 'plain'), '2025-W01-1');
});

test('seconds and zone give the time back', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
      const seconds = Math.floor(date.getTime() / 1000);
      const text = strftime('%Y-%m-%dT%H:%M:%S%z', BigInt(seconds) * 1_000_000_000n, 'plain');
      const iso = text.replace(/(\d\d)$/, ':$1');
      assert.equal(Date.parse(iso), seconds * 1000);
    }),
  );
});

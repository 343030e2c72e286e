import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentText, parseMoment } from '../../src/output/moment.ts';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const NS = 1_000_000n;

const cases: readonly (readonly [string, bigint])[] = [
  ['2h', BigInt(NOW_MS - 7_200_000) * NS],
  ['1d', BigInt(NOW_MS - 86_400_000) * NS],
  ['0s', BigInt(NOW_MS) * NS],
  ['2026-11-23T10:30:00Z', BigInt(Date.parse('2026-11-23T10:30:00Z')) * NS],
  ['2026-11-23 10:30:00Z', BigInt(Date.parse('2026-11-23T10:30:00Z')) * NS],
  ['2026-11-23T10:30+01:00', BigInt(Date.parse('2026-11-23T09:30:00Z')) * NS],
  ['2026-11-23T10:30:05.123456789Z', BigInt(Date.parse('2026-11-23T10:30:05Z')) * NS + 123456789n],
  ['@1700000000.5', 1_700_000_000_500_000_000n],
  ['2026-11-23', BigInt(new Date(2026, 10, 23).getTime()) * NS],
];
for (const [text, expected] of cases) {
  test(`${text} is a moment`, () => assert.equal(parseMoment(text, NOW_MS), expected));
}

test('a time alone is one of today, as this process has it', () => {
  const today = new Date(NOW_MS);
  today.setHours(9, 15, 30, 250);
  assert.equal(parseMoment('09:15:30.25', NOW_MS), BigInt(today.getTime()) * NS);
});

for (const text of ['', 'soon', '25:00', '2026-13-01', '12', 'h', '5 minutes', '-5m']) {
  test(`${JSON.stringify(text)} is none`, () => {
    assert.throws(() => parseMoment(text, NOW_MS), { name: 'UserError' });
  });
}

test('a moment that is printed can be read', () => {
  assert.equal(momentText(1_700_000_000_250_000_000n), '2023-11-14 22:13:20.250Z');
  assert.equal(parseMoment('2023-11-14 22:13:20.250Z', NOW_MS), 1_700_000_000_250_000_000n);
});

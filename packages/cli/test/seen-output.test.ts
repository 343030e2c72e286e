import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputItem } from '@bpfleet/protocol';
import { SeenOutput } from '../src/seen-output.ts';

const SECOND_NS = 1_000_000_000n;

function line(unixNs: bigint, text = 'hit\n', host = 'web-1'): OutputItem {
  return { kind: 'printf', host, unixNs, text, pid: 1, tid: 1 };
}

test('nothing is known before the first line', () => {
  const seen = new SeenOutput();
  assert.equal(seen.sinceNs, 0n);
  assert.equal(seen.takeKnown(line(1n)), false);
});

test('what has come is known as often as it has come', () => {
  const seen = new SeenOutput();
  seen.note(line(5n));
  seen.note(line(5n));
  assert.deepEqual(
    [line(5n), line(5n), line(5n)].map((item) => seen.takeKnown(item)),
    [true, true, false],
  );
});

test('lines of another host, time or text are others', () => {
  const seen = new SeenOutput();
  seen.note(line(5n));
  for (const other of [line(6n), line(5n, 'miss\n'), line(5n, 'hit\n', 'web-2')]) {
    assert.equal(seen.takeKnown(other), false);
  }
});

test('output is asked for from before the newest line, for some come late', () => {
  const seen = new SeenOutput();
  seen.note(line(100n * SECOND_NS));
  seen.note(line(99n * SECOND_NS));
  assert.equal(seen.sinceNs, 95n * SECOND_NS);
});

test('what has been forgotten is not asked for', () => {
  const seen = new SeenOutput();
  for (let n = 0n; n < 60_000n; n++) seen.note(line(n));
  const { sinceNs } = seen;
  assert.ok(sinceNs > 0n && sinceNs < 60_000n);
  assert.equal(seen.takeKnown(line(sinceNs + 1n)), true);
});

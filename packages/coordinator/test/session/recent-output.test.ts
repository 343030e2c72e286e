import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutputItem } from '@bpfleet/protocol';
import { RecentOutput } from '../../src/session/recent-output.ts';

function lines(from: number, count: number): readonly OutputItem[] {
  return Array.from({ length: count }, (_, index) => {
    const unixNs = BigInt(from + index);
    return { kind: 'printf', host: 'one', unixNs, text: `${unixNs}` };
  });
}

describe('what a session printed last', () => {
  it('is there from the time that is asked for', () => {
    const recent = new RecentOutput();
    recent.add(lines(1, 5));
    assert.deepEqual(recent.since(3n), { items: lines(4, 2), complete: true });
    assert.deepEqual(recent.since(0n), { items: lines(1, 5), complete: true });
    assert.deepEqual(recent.since(9n), { items: [], complete: true });
  });

  it('is bounded, and says what is missing', () => {
    const recent = new RecentOutput();
    for (let n = 0; n < 5; n++) recent.add(lines(1 + n * 10_000, 10_000));
    const all = recent.since(0n);
    assert.equal(all.complete, false);
    assert.ok(all.items.length < 50_000);
    const [first] = all.items;
    assert.ok(first !== undefined && 'unixNs' in first && first.unixNs !== undefined);
    assert.equal(recent.since(first.unixNs - 1n).complete, true);
    assert.equal(recent.since(first.unixNs - 2n).complete, false);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseJoin, type CorrelatedEvent } from '../../src/index.ts';
import { JoinMatcher } from '../../src/correlate/join-matcher.ts';
import type { Pair } from '../../src/correlate/join.ts';
import { event, messages } from './truth.ts';

const JOIN = parseJoin('client.key = server.key within 2ms');

function run(events: readonly CorrelatedEvent[], join = JOIN): { pairs: Pair[]; all: JoinMatcher } {
  const all = new JoinMatcher(join, []);
  return { pairs: events.flatMap((one) => all.take(one)), all };
}

function text({
  left,
  right,
  differenceNs,
}: Omit<Pair, 'join' | 'errorNs' | 'withinError'>): string {
  return `${left.host} ${left.unixNs} ${right.host} ${right.unixNs} ${differenceNs}`;
}

/** By definition: every two of equal keys, near enough. */
function expected(events: readonly CorrelatedEvent[]): readonly string[] {
  const of = (word: string): readonly CorrelatedEvent[] =>
    events.filter((one) => one.word === word);
  return of('client').flatMap((left) =>
    of('server')
      .filter(({ fields, unixNs }) => {
        const apart = unixNs - left.unixNs;
        return fields['key'] === left.fields['key'] && apart <= 2_000_000n && apart >= -2_000_000n;
      })
      .map((right) => text({ left, right, differenceNs: right.unixNs - left.unixNs })),
  );
}

suite('joins', () => {
  test('find every pair once', () => {
    fc.assert(
      fc.property(messages, (events) => {
        assert.deepEqual(run(events).pairs.map(text).toSorted(), expected(events).toSorted());
      }),
    );
  });

  test('find the same in whatever order events come', () => {
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.nat()), (events, order) => {
        const shuffled = events
          .map((one) => [order.next().value as number, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one);
        assert.deepEqual(run(shuffled).pairs.map(text).toSorted(), expected(events).toSorted());
      }),
    );
  });

  test('count what has no partner', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const { pairs, all } = run(events);
        const { unmatchedLeft, unmatchedRight } = all.counts();
        const alone = (word: string, end: 'left' | 'right'): number =>
          events.filter((one) => one.word === word && !pairs.some((pair) => pair[end] === one))
            .length;
        assert.deepEqual(
          [unmatchedLeft, unmatchedRight],
          [alone('client', 'left'), alone('server', 'right')],
        );
      }),
    );
  });

  test('say when the difference is smaller than what clocks may be wrong by', () => {
    const key = { key: 1n };
    const sent = event({ host: 'a', word: 'client', unixNs: 0n, errorNs: 400n, fields: key });
    const near = event({ host: 'b', word: 'server', unixNs: 600n, errorNs: 300n, fields: key });
    const far = event({ host: 'c', word: 'server', unixNs: 900n, errorNs: 300n, fields: key });
    const own = event({ host: 'a', word: 'server', unixNs: 1n, errorNs: 400n, fields: key });
    const { pairs } = run([sent, near, far, own]);
    assert.deepEqual(
      pairs.map(({ right, errorNs, withinError }) => [right.host, errorNs, withinError]),
      [
        ['b', 700n, true],
        ['c', 700n, false],
        ['a', 0n, false],
      ],
    );
  });

  test('take several fields as one key', () => {
    const join = parseJoin('(c.saddr, c.sport) = (s.daddr, s.dport) within 1s');
    const client = (sport: bigint): CorrelatedEvent =>
      event({ word: 'c', unixNs: sport, fields: { saddr: '10.0.0.1', sport } });
    const server = event({ word: 's', unixNs: 5n, fields: { daddr: '10.0.0.1', dport: 2n } });
    const { pairs } = run([client(1n), client(2n), server], join);
    assert.deepEqual(
      pairs.map(({ left }) => left.fields['sport']),
      [2n],
    );
  });

  test('forget what is too old, and count what had to go before', () => {
    const all = new JoinMatcher(JOIN, [], 2);
    const at = (word: string, unixNs: bigint): readonly Pair[] =>
      all.take(event({ word, unixNs, fields: { key: 1n } }));
    for (const unixNs of [1n, 2n, 3n]) at('client', unixNs);
    assert.equal(at('server', 4n).length, 2);
    assert.equal(at('server', 60_000_000_000n).length, 0);
    const { forgotten, unmatchedLeft, unmatchedRight } = all.counts();
    assert.deepEqual([forgotten, unmatchedLeft, unmatchedRight], [2, 1, 1]);
  });
});

/** Joins against truth: all pairs within the window and no others, in whatever order events come. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { CorrelatedEvent } from '../../src/correlate/correlated-event.ts';
import { Correlator, type Correlated } from '../../src/correlate/correlator.ts';
import type { Pair } from '../../src/correlate/join-matcher.ts';
import { parseJoin } from '../../src/correlate/parse-join.ts';
import { eventOf, SCHEMA } from './truth.ts';

const WITHIN_NS = 5_000_000n;

function correlator(join: string, waiting?: number): Correlator {
  const correlation = { spans: [], automatic: false, joins: [parseJoin(join)] };
  return new Correlator(correlation, waiting === undefined ? {} : { waiting });
}

function pairsOf(made: readonly Correlated[]): readonly Pair[] {
  return made.flatMap((one) => (one.kind === 'pair' ? [one.pair] : []));
}

function feed(one: Correlator, events: readonly CorrelatedEvent[]): readonly Pair[] {
  return events.flatMap((event) => pairsOf(one.take(event, SCHEMA)));
}

/** `enter` on one side, `other` on the other; both have `fd`. */
const sent = fc.record({
  event: fc.constantFrom(0, 2),
  host: fc.constantFrom('a', 'b', 'c'),
  atUs: fc.integer({ min: 0, max: 30_000 }),
  key: fc.integer({ min: 0, max: 5 }),
});

function eventsOf(
  drawn: readonly { event: number; host: string; atUs: number; key: number }[],
): readonly CorrelatedEvent[] {
  const errors: Readonly<Record<string, number>> = { a: 100_000, b: 500_000, c: 2_000_000 };
  return drawn.map(({ event, host, atUs, key }) =>
    eventOf(event, 1_000_000_000n + BigInt(atUs) * 1_000n, {
      host,
      errorNs: errors[host] ?? 0,
      fields: { fd: BigInt(key) },
    }),
  );
}

suite('joins', () => {
  test('have all pairs within the window and no others, in any order of arrival', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 60 }), (drawn) => {
        const events = eventsOf(drawn);
        const one = correlator('enter.fd = other.fd within 5ms');
        const found = feed(one, events);
        const truth = events
          .filter(({ event }) => event === 0)
          .flatMap((left) =>
            events
              .filter(({ event, fields, unixNs }) => {
                const apart = unixNs - left.unixNs;
                const isNear = apart <= WITHIN_NS && -apart <= WITHIN_NS;
                return event === 2 && fields['fd'] === left.fields['fd'] && isNear;
              })
              .map((right) => ({ left, right })),
          );
        const nameOf = ({ left, right }: Pick<Pair, 'left' | 'right'>): string =>
          `${left.sequence} ${right.sequence}`;
        assert.deepEqual(found.map(nameOf).toSorted(), truth.map(nameOf).toSorted());
        for (const { left, right, differenceNs, errorNs, withinError } of found) {
          assert.equal(differenceNs, right.unixNs - left.unixNs);
          assert.equal(errorNs, left.host === right.host ? 0 : left.errorNs + right.errorNs);
          const size = differenceNs < 0n ? -differenceNs : differenceNs;
          assert.equal(withinError, errorNs > 0 && size <= BigInt(errorNs));
        }
        const [summary] = one.joins;
        const unmatched = (event: number, side: 'left' | 'right'): number =>
          events.filter(
            (other) => other.event === event && !truth.some((pair) => pair[side] === other),
          ).length;
        assert.deepEqual(
          [summary?.pairs, summary?.unmatchedLeft, summary?.unmatchedRight],
          [truth.length, unmatched(0, 'left'), unmatched(2, 'right')],
        );
      }),
    );
  });

  test('of one event with itself have each two of different hosts once, the earlier one on the left', () => {
    const one = correlator('other.fd = other.fd within 1s');
    const fields = { fd: 7n };
    const found = feed(one, [
      eventOf(2, 30n, { host: 'b', fields }),
      eventOf(2, 10n, { host: 'a', fields }),
      eventOf(2, 20n, { host: 'a', fields }),
    ]);
    assert.deepEqual(
      found.map(({ left, right, differenceNs }) => [left.host, right.host, differenceNs]),
      [
        ['a', 'b', 20n],
        ['a', 'b', 10n],
      ],
    );
  });

  test('compare several fields, and those that every event has', () => {
    const one = correlator('enter.(fd,pid) = other.(fd,pid) within 1us');
    const fields = { fd: 7n };
    const found = feed(one, [
      eventOf(0, 1n, { fields, pid: 1 }),
      eventOf(2, 2n, { fields, pid: 2 }),
      eventOf(2, 3n, { fields, pid: 1 }),
    ]);
    assert.deepEqual(
      found.map(({ right }) => right.unixNs),
      [3n],
    );
  });

  test('make a thousand pairs of one event at most, and say where there are more', () => {
    const one = correlator('enter.fd = other.fd within 1s');
    const fields = { fd: 7n };
    const enters = Array.from({ length: 1_200 }, (_, at) => eventOf(0, BigInt(at), { fields }));
    feed(one, enters);
    assert.equal(feed(one, [eventOf(2, 2_000n, { fields })]).length, 1_000);
    assert.equal(one.joins[0]?.crowded, 1);
  });

  test('hold so many events and no more, and say what they gave up', () => {
    const one = correlator('enter.fd = other.fd within 1s', 10);
    feed(
      one,
      Array.from({ length: 30 }, (_, at) => eventOf(0, BigInt(at), { fields: { fd: BigInt(at) } })),
    );
    const [summary] = one.joins;
    assert.deepEqual([summary?.unmatchedLeft, summary?.evicted], [30, 20]);
  });
});

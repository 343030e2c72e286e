/** Spans against truth: of known streams exactly the known ones, and nothing mispaired in silence where events are lost. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { CorrelatedEvent } from '../../src/correlate/correlated-event.ts';
import { Correlator, type Correlated } from '../../src/correlate/correlator.ts';
import { parseSpan } from '../../src/correlate/parse-span.ts';
import type { Span } from '../../src/correlate/span.ts';
import { byTime, ENTER, eventOf, EXIT, knownStreams, SCHEMA, type KnownSpan } from './truth.ts';

const READ = `read: enter=${ENTER} exit=${EXIT} by tid`;

function correlator(...spans: readonly string[]): Correlator {
  return new Correlator({
    spans: spans.map((text) => parseSpan(text)),
    automatic: false,
    joins: [],
  });
}

function spansOf(made: readonly Correlated[]): readonly Span[] {
  return made.flatMap((one) => (one.kind === 'span' ? [one.span] : []));
}

function feed(one: Correlator, events: readonly CorrelatedEvent[]): readonly Span[] {
  return events.flatMap((event) => spansOf(one.take(event, SCHEMA)));
}

function nameOf({ enter, exit, depth }: KnownSpan): string {
  return `${enter.sequence} ${exit.sequence} ${depth}`;
}

suite('spans', () => {
  test('of whole streams are exactly those that were made, with their depths and durations', () => {
    fc.assert(
      fc.property(knownStreams, ({ events, spans }) => {
        const one = correlator(READ);
        const found = feed(one, events);
        assert.deepEqual(found.map(nameOf).toSorted(), spans.map(nameOf).toSorted());
        for (const { enter, exit, durationNs, uncertain } of found) {
          assert.equal(durationNs, exit.unixNs - enter.unixNs);
          assert.equal(uncertain, false);
        }
        const [summary] = one.spans;
        assert.deepEqual(
          [summary?.spans, summary?.unmatchedEnters, summary?.unmatchedExits],
          [spans.length, 0, 0],
        );
      }),
    );
  });

  test('that are sure are true, whatever events were lost, where losses are told', () => {
    const lossy = fc.tuple(knownStreams, fc.infiniteStream(fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(lossy, ([{ events, spans }, dice]) => {
        const one = correlator(READ);
        const truth = new Set(spans.map(({ enter, exit }) => `${enter.sequence} ${exit.sequence}`));
        const found: Span[] = [];
        for (const event of events) {
          // Where one is lost the host tells it, with the time of the loss, before its next event comes.
          if (Number(dice.next().value) === 0) one.lose(event.host, event.unixNs);
          else found.push(...spansOf(one.take(event, SCHEMA)));
        }
        for (const { enter, exit, uncertain } of found) {
          if (!uncertain) assert.ok(truth.has(`${enter.sequence} ${exit.sequence}`));
        }
        const [summary] = one.spans;
        assert.ok(summary !== undefined);
        const { unmatchedEnters, unmatchedExits } = summary;
        const lost = events.length - 2 * found.length - unmatchedEnters - unmatchedExits;
        assert.ok(lost >= 0, 'an event was counted twice');
      }),
    );
  });

  test('of each thread are the same in whatever order hosts and threads are interleaved', () => {
    fc.assert(
      fc.property(knownStreams, ({ events, spans }) => {
        const byHost = events.toSorted((a, b) =>
          a.host === b.host ? byTime(a, b) : a.host < b.host ? -1 : 1,
        );
        const found = feed(correlator(READ), byHost);
        assert.deepEqual(found.map(nameOf).toSorted(), spans.map(nameOf).toSorted());
      }),
    );
  });

  test('end by fields, under conditions, and by the name of each definition', () => {
    const one = correlator(
      `one: enter=${ENTER}/fd=1/ exit=tracepoint:other by fd`,
      `all: enter=${ENTER} exit=${EXIT} by pid`,
    );
    const found = feed(one, [
      eventOf(0, 10n, { tid: 1, fields: { fd: 1n } }),
      eventOf(0, 11n, { tid: 2, fields: { fd: 2n } }),
      eventOf(2, 20n, { tid: 3, fields: { fd: 1n } }),
      eventOf(1, 30n, { tid: 9, fields: { ret: 0n } }),
    ]);
    assert.deepEqual(
      found.map(({ name, enter, exit }) => [name, enter.unixNs, exit.unixNs]),
      [
        ['one', 10n, 20n],
        ['all', 11n, 30n],
      ],
    );
    assert.deepEqual(
      one.spans.map(({ unmatchedEnters }) => unmatchedEnters),
      [0, 1],
    );
  });

  test('that never end are given up, oldest first, and counted', () => {
    const one = new Correlator(
      { spans: [parseSpan(READ)], automatic: false, joins: [] },
      { open: 10 },
    );
    const enters = Array.from({ length: 25 }, (_, tid) => eventOf(0, BigInt(tid), { tid }));
    feed(one, enters);
    const [newest] = feed(one, [eventOf(1, 99n, { tid: 24 })]);
    assert.equal(newest?.durationNs, 75n);
    assert.deepEqual(feed(one, [eventOf(1, 99n, { tid: 0 })]), []);
    const [summary] = one.spans;
    assert.deepEqual(
      [summary?.spans, summary?.unmatchedEnters, summary?.unmatchedExits, summary?.evicted],
      [1, 24, 1, 15],
    );
  });

  test('are found of all pairs of probes that print at both', () => {
    const one = new Correlator({ spans: [], automatic: true, joins: [] });
    const found = feed(one, [eventOf(0, 1n), eventOf(2, 2n), eventOf(1, 5n)]);
    assert.deepEqual(
      found.map(({ name, durationNs }) => [name, durationNs]),
      [['read', 4n]],
    );
  });
});

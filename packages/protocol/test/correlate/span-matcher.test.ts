import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { automaticSpans, parseSpan, type CorrelatedEvent } from '../../src/index.ts';
import { SpanMatcher } from '../../src/correlate/span-matcher.ts';
import type { Span, SpanDefinition } from '../../src/correlate/span.ts';
import { event, functionCalls } from './truth.ts';

const READ = parseSpan(
  'read: enter=tracepoint:syscalls:sys_enter_read exit=tracepoint:syscalls:sys_exit_read by tid',
);
const F: SpanDefinition = {
  name: 'f',
  enter: 'uprobe:/bin/x:f_enter',
  exit: 'uprobe:/bin/x:f_exit',
  by: ['tid'],
};
const G: SpanDefinition = { ...F, name: 'g', enter: '*:g_enter', exit: '*:g_exit' };

function spansOf(
  definitions: readonly SpanDefinition[],
  events: readonly CorrelatedEvent[],
): readonly Span[] {
  const matcher = new SpanMatcher(definitions);
  return events.flatMap((one) => matcher.take(one));
}

/** By definition: each exit ends the latest enter before it on its thread that nothing has ended. */
function expected(name: 'f' | 'g', events: readonly CorrelatedEvent[]): readonly string[] {
  const used = new Set<CorrelatedEvent>();
  const is = ({ probes }: CorrelatedEvent, end: string): boolean =>
    probes[0] === `uprobe:/bin/x:${name}_${end}`;
  return events.flatMap((exit, at) => {
    if (!is(exit, 'exit')) return [];
    const enter = events
      .slice(0, at)
      .findLast((one) => is(one, 'enter') && one.tid === exit.tid && !used.has(one));
    if (enter === undefined) return [];
    used.add(enter);
    return [`${enter.unixNs} ${exit.unixNs}`];
  });
}

suite('spans', () => {
  for (const losses of [false, true]) {
    test(`of nested and interleaved calls are exact${losses ? ', with events lost' : ''}`, () => {
      fc.assert(
        fc.property(functionCalls(losses), (events) => {
          const spans = spansOf([F, G], events);
          for (const name of ['f', 'g'] as const) {
            const found = spans
              .filter((span) => span.name === name)
              .map(({ enter, exit }) => `${enter.unixNs} ${exit.unixNs}`);
            assert.deepEqual(found, expected(name, events));
          }
        }),
      );
    });
  }

  test('and what is left over are all events', () => {
    fc.assert(
      fc.property(functionCalls(true), (events) => {
        const matcher = new SpanMatcher([F]);
        for (const one of events) matcher.take(one);
        const [counts] = matcher.counts();
        assert.ok(counts !== undefined);
        const of = (probe: string): number =>
          events.filter(({ probes }) => probes[0] === probe).length;
        assert.equal(counts.spans + counts.openEnters, of(F.enter));
        assert.equal(counts.spans + counts.lostEnters, of(F.exit));
      }),
    );
  });

  test('know how deep they lie in others of their thread', () => {
    const at = (unixNs: bigint, probe: string): CorrelatedEvent => event({ unixNs, probe });
    const spans = spansOf(
      [F, G],
      [at(1n, F.enter), at(2n, 'u:g_enter'), at(5n, 'u:g_exit'), at(9n, F.exit)],
    );
    assert.deepEqual(
      spans.map(({ name, depth, durationNs }) => [name, depth, durationNs]),
      [
        ['g', 1, 3n],
        ['f', 0, 8n],
      ],
    );
  });

  test('of system calls do not take the exit of a later call for one that was lost', () => {
    const matcher = new SpanMatcher([READ]);
    const at = (unixNs: bigint, probe: string): readonly Span[] =>
      matcher.take(event({ unixNs, probe }));
    at(1n, READ.enter);
    at(10n, READ.enter);
    assert.equal(at(12n, READ.exit)[0]?.durationNs, 2n);
    assert.deepEqual(at(13n, READ.exit), []);
    const [counts] = matcher.counts();
    assert.deepEqual([counts?.spans, counts?.openEnters, counts?.lostEnters], [1, 1, 1]);
  });

  test('are told apart by fields that both events have', () => {
    const by = parseSpan('request: enter=usdt:x:start exit=usdt:x:done by id');
    const at = (unixNs: bigint, probe: string, id: bigint): CorrelatedEvent =>
      event({ unixNs, probe, fields: { id }, tid: Number(unixNs) });
    const spans = spansOf(
      [by],
      [at(1n, by.enter, 7n), at(2n, by.enter, 8n), at(3n, by.exit, 7n), at(9n, by.exit, 8n)],
    );
    assert.deepEqual(
      spans.map(({ durationNs }) => durationNs),
      [2n, 7n],
    );
  });

  test('that are open without end are forgotten, the oldest first, and counted', () => {
    const matcher = new SpanMatcher([F], 2);
    for (const tid of [1, 2, 3]) matcher.take(event({ unixNs: BigInt(tid), tid, probe: F.enter }));
    assert.deepEqual(matcher.take(event({ unixNs: 9n, tid: 1, probe: F.exit })), []);
    assert.equal(matcher.take(event({ unixNs: 9n, tid: 3, probe: F.exit })).length, 1);
    const [counts] = matcher.counts();
    assert.deepEqual([counts?.forgotten, counts?.openEnters, counts?.lostEnters], [1, 1, 1]);
  });
});

test('both ends of one thing make a span without being asked', () => {
  const spans = automaticSpans([
    ['tracepoint:syscalls:sys_enter_read'],
    ['tracepoint:syscalls:sys_exit_read'],
    ['kprobe:vfs_read'],
    ['kretprobe:vfs_read', 'kretprobe:vfs_write'],
    ['uprobe:/bin/bash:readline'],
    ['uretprobe:/bin/bash:readline'],
    ['tracepoint:syscalls:sys_enter_*'],
  ]);
  assert.deepEqual(
    spans.map(({ name, exit }) => [name, exit]),
    [
      ['read', 'tracepoint:syscalls:sys_exit_read'],
      ['readline', 'uretprobe:/bin/bash:readline'],
    ],
  );
});

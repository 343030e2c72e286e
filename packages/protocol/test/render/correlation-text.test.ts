import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  correlationText,
  renderJson,
  renderText,
  timeText,
  type PairItem,
  type SpanItem,
} from '../../src/index.ts';

const span: SpanItem = {
  kind: 'span',
  name: 'read',
  host: 'web-1',
  pid: 7,
  tid: 8,
  unixNs: 1_800_000_000_000_012_345n,
  enterNs: 1_800_000_000_000_000_000n,
  durationNs: 12_345n,
  depth: 1,
  enter: { fd: 3n },
  exit: { ret: -4n, comm: 'a"b' },
};

const pair: PairItem = {
  kind: 'pair',
  join: 'c.key = s.key within 5ms',
  unixNs: 1_800_000_000_000_000_000n,
  left: { host: 'web-1', pid: 1, tid: 1, unixNs: 1_800_000_000_000_000_000n, fields: { key: 1n } },
  right: { host: 'db-2', pid: 2, tid: 2, unixNs: 1_799_999_999_999_000_000n, fields: {} },
  differenceNs: -1_000_000n,
  errorNs: 1_500_000n,
  withinError: true,
};

test('a span is a line of its host, inner ones further to the right', () => {
  assert.deepEqual(renderText(span, { hostColumn: 5 }), {
    stream: 'out',
    text: 'web-1    read 12.3 µs  pid 7 tid 8  fd=3 → ret=-4 comm=a"b\n',
  });
});

test('a pair names both hosts, and says when the clocks cannot tell', () => {
  assert.equal(
    renderText(pair).text,
    'web-1 key=1 → db-2  -1.00 ms ±1.50 ms (within the clock error)\n',
  );
});

test('as JSON, times of day are text', () => {
  assert.equal(
    renderJson(span),
    '{"type": "span", "data": {"name": "read", "pid": 7, "tid": 8, "enter_ns": "1800000000000000000", ' +
      '"exit_ns": "1800000000000012345", "duration_ns": 12345, "depth": 1, "enter": {"fd": 3}, ' +
      '"exit": {"ret": -4, "comm": "a\\"b"}}, "host": "web-1"}\n',
  );
  const { data } = JSON.parse(renderJson(pair)) as { data: Record<string, unknown> };
  assert.deepEqual(data, {
    join: 'c.key = s.key within 5ms',
    left: { host: 'web-1', pid: 1, tid: 1, at_ns: '1800000000000000000', fields: { key: 1 } },
    right: { host: 'db-2', pid: 2, tid: 2, at_ns: '1799999999999000000', fields: {} },
    difference_ns: -1_000_000,
    error_ns: 1_500_000,
    within_error: true,
  });
});

test('traced text does not act on a terminal', () => {
  const hostile = { ...span, exit: { comm: '\u001b[2J\n' } };
  const text = renderText(hostile, { escape: true }).text.trimEnd();
  assert.ok(!text.includes('\u001b') && !text.includes('\n'), text);
});

test('times have the unit that fits them', () => {
  const times = [0n, 812n, 1_530n, 27_000_000n, 134_000_000_000n].map(timeText);
  assert.deepEqual(times, ['0 ns', '812 ns', '1.53 µs', '27.0 ms', '134 s']);
});

test('what came of definitions is a line each', () => {
  assert.equal(
    correlationText({
      spans: [
        {
          name: 'read',
          spans: 2,
          totalNs: 3_000n,
          longestNs: 2_000n,
          openEnters: 1,
          lostEnters: 0,
          forgotten: 0,
        },
        {
          name: 'none',
          spans: 0,
          totalNs: 0n,
          longestNs: 0n,
          openEnters: 0,
          lostEnters: 0,
          forgotten: 3,
        },
      ],
      joins: [
        {
          join: 'a.k = b.k within 1s',
          pairs: 4,
          withinError: 1,
          unmatchedLeft: 2,
          unmatchedRight: 0,
          forgotten: 0,
        },
      ],
    }),
    'spans read: 2, average 1.50 µs, longest 2.00 µs · without exit 1, without enter 0\n' +
      'spans none: 0 · without exit 0, without enter 0, forgotten 3\n' +
      'join a.k = b.k within 1s: 4 pairs, 1 within the clock error · alone 2 left, 0 right\n',
  );
});

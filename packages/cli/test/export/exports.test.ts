/** Golden texts of what is exported, with hostile names in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExportHead, HistoryEvent, HistoryPoint, MapItem, ValueType } from '@bpfleet/protocol';
import { eventHeader, eventRow, pointHeader, pointRows } from '../../src/export/csv-export.ts';
import { flameGraph } from '../../src/export/flame-graph.ts';
import { countsStacks, foldedStacks, foldedText } from '../../src/export/folded-stacks.ts';
import { eventLine, headLine, pointLine } from '../../src/export/json-export.ts';
import { PerfettoTrace } from '../../src/export/perfetto.ts';
import { countItem, session } from '../support/fake-coordinator.ts';

const KSTACK: ValueType = { kind: 'kstack', mode: 'bpftrace', limit: 127 };
const HIST = { ...countItem(1n).map, name: '@ns', value: { kind: 'hist', bits: 0 } } as const;

const HEAD: ExportHead = {
  session: { ...session('ended', { a: 'ended' }), startedAtMs: 1_700_000_000_000 },
  fields: ['comm', 'ret'],
  maps: [countItem(1n).map, HIST],
};

const EVENT: HistoryEvent = {
  atNs: 1_700_000_000_000_001_234n,
  host: 'web-1',
  pid: 7,
  tid: 8,
  kind: 'printf',
  probes: ['kprobe:vfs_read'],
  text: '=1+1 -1\n',
  fields: { comm: '=1+1', ret: -1n },
};
const OTHER: HistoryEvent = {
  ...EVENT,
  atNs: 1_700_000_000_001_000_000n,
  host: '<b>"\u001b',
  tid: 0,
  pid: 0,
  kind: 'system',
  probes: [],
  text: 'up\udcff\n',
  fields: { ret: 2n ** 63n },
};

const POINT: HistoryPoint = {
  host: 'a',
  map: '@',
  key: '@SUM(1)',
  window: 2,
  atNs: 1_700_000_000_500_000_000n,
  kind: 'count',
  count: 5n,
  total: 0n,
  extreme: 0n,
  text: '',
  buckets: [],
};
const BUCKETS: HistoryPoint = {
  ...POINT,
  map: '@ns',
  kind: 'hist',
  atNs: 0n,
  key: 'k',
  buckets: [
    [4, 2n],
    [6, 9n],
  ],
};

test('events as CSV, a column for each argument, and no formulas', () => {
  assert.equal(
    [eventHeader(HEAD), eventRow(EVENT, HEAD), eventRow(OTHER, HEAD)].join(''),
    'at,host,pid,tid,kind,probes,text,comm,ret\r\n' +
      "2023-11-14T22:13:20.000001234Z,web-1,7,8,printf,kprobe:vfs_read,'=1+1 -1,'=1+1,-1\r\n" +
      '2023-11-14T22:13:20.001000000Z,"<b>""\u001b",0,0,system,,up\\xff,,9223372036854775808\r\n',
  );
});

test('maps as CSV, a row for each bucket', () => {
  assert.equal(
    [pointHeader(), pointRows(POINT, HEAD), pointRows(BUCKETS, HEAD)].join(''),
    'at,host,map,key,window,kind,count,total,extreme,value,bucket,hits\r\n' +
      "2023-11-14T22:13:20.500000000Z,a,'@,'@SUM(1),2,count,5,,,,,\r\n" +
      ',a,\'@ns,k,2,hist,,,,,"[4, 8)",2\r\n' +
      ',a,\'@ns,k,2,hist,,,,,"[16, 32)",9\r\n',
  );
});

test('a session as lines of JSON', () => {
  const [head, event, point, buckets] = [
    headLine(HEAD),
    eventLine(EVENT),
    pointLine(POINT),
    pointLine(BUCKETS),
  ].map((line): unknown => JSON.parse(line));
  assert.deepEqual((head as { fields: unknown }).fields, ['comm', 'ret']);
  assert.deepEqual(event, {
    type: 'event',
    at: '2023-11-14T22:13:20.000001234Z',
    host: 'web-1',
    pid: 7,
    tid: 8,
    kind: 'printf',
    probes: ['kprobe:vfs_read'],
    text: '=1+1 -1\n',
    fields: { comm: '=1+1', ret: -1 },
  });
  assert.deepEqual(point, {
    type: 'point',
    at: '2023-11-14T22:13:20.500Z'.replace('.500Z', '.500000000Z'),
    host: 'a',
    map: '@',
    key: '@SUM(1)',
    window: 2,
    kind: 'count',
    count: 5,
  });
  assert.deepEqual((buckets as { buckets: unknown }).buckets, [
    [4, 2],
    [6, 9],
  ]);
});

test('a trace has a process for each host, its threads, instants and spans', () => {
  const trace = new PerfettoTrace(HEAD);
  const span = {
    name: 'read',
    host: 'web-1',
    pid: 7,
    tid: 8,
    enterNs: 1_700_000_000_000_000_500n,
    durationNs: 1_001n,
    fields: { fd: '3' },
  };
  const text =
    trace.begin() + trace.span(span) + trace.event(EVENT) + trace.event(OTHER) + trace.end();
  assert.deepEqual(JSON.parse(text), {
    displayTimeUnit: 'ns',
    otherData: { session: 's1', program: 'BEGIN {}', start: '2023-11-14T22:13:20.000Z' },
    traceEvents: [
      { ph: 'M', name: 'process_name', pid: 1, args: { name: 'web-1' } },
      { ph: 'M', name: 'thread_name', pid: 1, tid: 8, args: { name: 'pid 7 tid 8' } },
      {
        ph: 'X',
        ts: 0.5,
        dur: 1.001,
        name: 'read',
        cat: 'span',
        args: { fd: '3' },
        pid: 1,
        tid: 8,
      },
      {
        ph: 'i',
        s: 't',
        ts: 1.234,
        name: 'kprobe:vfs_read',
        cat: 'printf',
        args: { text: '=1+1 -1', comm: '=1+1', ret: -1 },
        pid: 1,
        tid: 8,
      },
      { ph: 'M', name: 'process_name', pid: 2, args: { name: '<b>"\u001b' } },
      { ph: 'M', name: 'thread_name', pid: 2, tid: 0, args: { name: 'no thread' } },
      {
        ph: 'i',
        s: 't',
        ts: 1000,
        name: 'up\\xff',
        cat: 'system',
        args: { text: 'up\\xff', ret: '9223372036854775808' },
        pid: 2,
        tid: 0,
      },
    ],
  });
});

test('a trace without anything in it is one', () => {
  const trace = new PerfettoTrace(HEAD);
  assert.deepEqual(
    (JSON.parse(trace.begin() + trace.end()) as { traceEvents: unknown }).traceEvents,
    [],
  );
});

const STACKS: MapItem = {
  kind: 'map',
  map: {
    ...countItem(1n).map,
    key: {
      kind: 'tuple',
      size: 24,
      fields: [
        { name: '0', offset: 0, type: { kind: 'string', size: 16 } },
        { name: '1', offset: 16, type: KSTACK },
      ],
    },
  },
  entries: [
    { key: ['bash', ['vfs_read+5', 'ksys_read+9']], value: { kind: 'count', count: 2n } },
    { key: ['bash', ['vfs_read+7', 'ksys_read+9']], value: { kind: 'count', count: 3n } },
    { key: ['a;<script>', ['x\n"&']], value: { kind: 'count', count: 5n } },
    { key: ['none', []], host: 'h', value: { kind: 'count', count: 1n } },
  ],
};

test('stacks are folded from the outermost frame on, places in functions together', () => {
  assert.equal(
    foldedText(foldedStacks(STACKS)),
    'bash;ksys_read;vfs_read 5\na:<script>;x "& 5\nh;none 1\n',
  );
});

test('maps that count stacks are told from others', () => {
  assert.equal(countsStacks(STACKS.map), true);
  assert.equal(
    countsStacks({ ...STACKS.map, key: KSTACK, value: { kind: 'plain', type: KSTACK } }),
    false,
  );
  assert.equal(countsStacks(HIST), false);
});

test('a flame graph is one file without a script, and names in it stay text', () => {
  const svg = flameGraph('</text><script>alert(1)</script>', 'counted', foldedStacks(STACKS));
  assert.doesNotMatch(svg, /<script|href|url\(/);
  assert.match(svg, /&lt;\/text&gt;&lt;script&gt;alert/);
  assert.match(svg, /<title>ksys_read: 5 counted, 45\.45%<\/title>/);
  assert.match(svg, /<title>a:&lt;script&gt;: 5 counted, 45\.45%<\/title>/);
  assert.match(svg, /<title>x &quot;&amp;: 5 counted/);
  assert.match(svg, /<title>all: 11 counted, 100\.00%<\/title>/);
  // The widths of what stands on a frame are together no wider than it.
  const widths = [...svg.matchAll(/<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)].map(
    ([, x, y, width]) => ({ x: Number(x), y: Number(y), width: Number(width) }),
  );
  const lowest = Math.max(...widths.map(({ y }) => y));
  for (const row of new Set(widths.map(({ y }) => y))) {
    const sum = widths.filter(({ y }) => y === row).reduce((all, { width }) => all + width, 0);
    assert.ok(sum <= 1180, `row ${row}`);
  }
  assert.equal(widths.filter(({ y }) => y === lowest).length, 1);
});

test('a flame graph of nothing is empty', () => {
  assert.match(flameGraph('t', 'counted', []), /^<svg [^]*<\/svg>\n$/);
});

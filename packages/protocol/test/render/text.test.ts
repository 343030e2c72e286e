/** Items as bpftrace prints them, and with their hosts on a fleet. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {
  MapEntry,
  MapSchema,
  MapValue,
  OutputItem,
  TextOptions,
  Value,
  ValueType,
} from '@bpfleet/protocol';
import { escapeLine, renderText } from '@bpfleet/protocol';
import { AT, COMM, I64, mapSchema, U64 } from '../samples.ts';

function out(item: OutputItem, options?: TextOptions): string {
  const { stream, text } = renderText(item, options);
  assert.equal(stream, 'out');
  return text;
}

function err(item: OutputItem, options?: TextOptions): string {
  const { stream, text } = renderText(item, options);
  assert.equal(stream, 'err');
  return text;
}

function mapText(
  map: MapSchema,
  entries: readonly (readonly [Value | undefined, MapValue, string?])[],
  parts: { top?: number; divisor?: number; reporting?: readonly [number, number] } = {},
): string {
  const list = entries.map(([key, value, host]): MapEntry =>
    host === undefined ? { key, value } : { key, value, host },
  );
  return out({ kind: 'map', map, entries: list, ...parts });
}

const count = (n: number): MapValue => ({ kind: 'count', count: BigInt(n) });
const plain = (value: Value): MapValue => ({ kind: 'plain', value });
const COUNTS = mapSchema({ name: '@x', key: COMM, value: { kind: 'count' } });
const at = { unixNs: 1n };

test('a keyed map is sorted by its counts, and equal counts by key', () => {
  assert.equal(
    mapText(COUNTS, [
      ['b', count(5)],
      ['a', count(5)],
      ['c', count(1)],
    ]),
    '@x[c]: 1\n@x[a]: 5\n@x[b]: 5\n',
  );
});

test('top keeps the largest, which stand last', () => {
  const entries = [
    ['a', count(1)],
    ['b', count(9)],
    ['c', count(4)],
  ] as const;
  assert.equal(mapText(COUNTS, entries, { top: 2 }), '@x[c]: 4\n@x[b]: 9\n');
  assert.equal(mapText(COUNTS, entries, { top: 0 }).split('\n').length, 4);
  assert.equal(mapText(COUNTS, entries, { top: 99 }).split('\n').length, 4);
});

test('a divisor divides towards zero', () => {
  const sums = mapSchema({ name: '@', key: COMM, value: { kind: 'sum', signed: true } });
  assert.equal(
    mapText(
      sums,
      [
        ['a', { kind: 'sum', total: -7n }],
        ['b', { kind: 'sum', total: 7n }],
      ],
      { divisor: 2 },
    ),
    '@[a]: -3\n@[b]: 3\n',
  );
});

test('a tuple key has no parentheses, a record key keeps its braces', () => {
  const fields = [
    { name: 'pid', offset: 0, type: U64 },
    { name: 'name', offset: 8, type: COMM },
  ];
  const tuple = mapSchema({
    name: '@',
    key: { kind: 'tuple', size: 24, fields },
    value: { kind: 'count' },
  });
  const struct = mapSchema({
    name: '@',
    key: { kind: 'record', size: 24, fields },
    value: { kind: 'count' },
  });
  assert.equal(mapText(tuple, [[[1n, 'foo'], count(2)]]), '@[1, foo]: 2\n');
  assert.equal(mapText(struct, [[[1n, 'foo'], count(2)]]), '@[{ .pid = 1, .name = foo }]: 2\n');
});

test('the host is the first part of a key', () => {
  const local = mapSchema({ name: '@', key: U64, value: { kind: 'count' }, hostLocal: true });
  const scalar = mapSchema({ name: '@n', value: { kind: 'count' } });
  assert.equal(mapText(local, [[1234n, count(7), 'web-3']]), '@[web-3, 1234]: 7\n');
  assert.equal(mapText(scalar, [[undefined, count(7), 'web-3']]), '@n[web-3]: 7\n');
});

test('plain integers are sorted by value, plain strings by key', () => {
  const numbers = mapSchema({ name: '@', key: U64, value: { kind: 'plain', type: I64 } });
  const strings = mapSchema({ name: '@', key: U64, value: { kind: 'plain', type: COMM } });
  assert.equal(
    mapText(numbers, [
      [1n, plain(5n)],
      [2n, plain(-5n)],
    ]),
    '@[2]: -5\n@[1]: 5\n',
  );
  assert.equal(
    mapText(strings, [
      [10n, plain('a')],
      [9n, plain('b')],
    ]),
    '@[9]: b\n@[10]: a\n',
  );
});

test('integer keys are sorted as signed numbers of their size', () => {
  const key: ValueType = { kind: 'integer', size: 4, signed: false };
  const strings = mapSchema({ name: '@', key, value: { kind: 'plain', type: COMM } });
  assert.equal(
    mapText(strings, [
      [1n, plain('a')],
      [0xffff_ffffn, plain('b')],
    ]),
    '@[4294967295]: b\n@[1]: a\n',
  );
});

test('tuple keys are sorted field by field', () => {
  const key: ValueType = {
    kind: 'tuple',
    size: 24,
    fields: [
      { name: '0', offset: 0, type: COMM },
      { name: '1', offset: 16, type: I64 },
    ],
  };
  const strings = mapSchema({ name: '@', key, value: { kind: 'plain', type: COMM } });
  const entries = [
    [['b', 1n], plain('x')],
    [['a', 10n], plain('x')],
    [['a', 9n], plain('x')],
  ] as const;
  assert.equal(mapText(strings, entries), '@[a, 9]: x\n@[a, 10]: x\n@[b, 1]: x\n');
});

test('signed minima are sorted as signed numbers', () => {
  const minima = mapSchema({ name: '@', key: COMM, value: { kind: 'min', signed: true } });
  assert.equal(
    mapText(minima, [
      ['a', { kind: 'min', value: 3n }],
      ['b', { kind: 'min', value: -3n }],
    ]),
    '@[b]: -3\n@[a]: 3\n',
  );
});

test('avg and stats print their averages, rounded towards zero', () => {
  const avg = mapSchema({ name: '@a', value: { kind: 'avg', signed: true } });
  const stats = mapSchema({ name: '@s', key: COMM, value: { kind: 'stats', signed: true } });
  assert.equal(mapText(avg, [[undefined, { kind: 'avg', total: -7n, count: 2n }]]), '@a: -3\n');
  assert.equal(
    mapText(stats, [['x', { kind: 'stats', total: 6n, count: 3n }]]),
    '@s[x]: { .count = 3, .average = 2, .total = 6 }\n',
  );
});

test('totals are 64-bit numbers of their sign', () => {
  const sum = mapSchema({ name: '@', value: { kind: 'sum', signed: false } });
  assert.equal(
    mapText(sum, [[undefined, { kind: 'sum', total: -1n }]]),
    '@: 18446744073709551615\n',
  );
});

test('a histogram follows its name and ends with an empty line', () => {
  const scalar = mapSchema({ name: '@', value: { kind: 'hist', bits: 0 } });
  const keyed = mapSchema({ name: '@h', key: COMM, value: { kind: 'hist', bits: 0 } });
  const hist: MapValue = { kind: 'hist', buckets: [[3, 3n]] };
  const row = `[2, 4)                 3 |${'@'.repeat(52)}|\n`;
  assert.equal(mapText(scalar, [[undefined, hist]]), `@:\n${row}\n`);
  assert.equal(mapText(keyed, [['cat', hist]]), `@h[cat]:\n${row}\n`);
  assert.equal(mapText(keyed, [['cat', hist, 'web-1']]), `@h[web-1, cat]:\n${row}\n`);
});

test('keyed histograms are sorted by all they count', () => {
  const keyed = mapSchema({ name: '@h', key: COMM, value: { kind: 'hist', bits: 0 } });
  const text = mapText(keyed, [
    [
      'many',
      {
        kind: 'hist',
        buckets: [
          [1, 3n],
          [9, 3n],
        ],
      },
    ],
    ['few', { kind: 'hist', buckets: [[1, 5n]] }],
  ]);
  assert.ok(text.indexOf('@h[few]') < text.indexOf('@h[many]'));
});

test('a scalar map printed before it was assigned shows zero', () => {
  const scalar = (value: MapSchema['value']): string =>
    mapText(mapSchema({ name: '@', value }), []);
  assert.equal(scalar({ kind: 'count' }), '@: 0\n');
  assert.equal(scalar({ kind: 'plain', type: COMM }), '@: \n');
  assert.equal(
    scalar({ kind: 'stats', signed: true }),
    '@: { .count = 0, .average = 0, .total = 0 }\n',
  );
  assert.equal(scalar({ kind: 'hist', bits: 0 }), '');
});

test('a map that not all hosts have reported says so', () => {
  assert.equal(mapText(COUNTS, [['a', count(1)]], { reporting: [2, 3] }), 'hosts 2/3\n@x[a]: 1\n');
  assert.equal(mapText(COUNTS, [['a', count(1)]], { reporting: [3, 3] }), '@x[a]: 1\n');
});

test('a stack as key stands on lines of its own', () => {
  const stacks = mapSchema({
    name: '@',
    key: { kind: 'kstack', mode: 'bpftrace', limit: 3 },
    value: { kind: 'count' },
  });
  assert.equal(
    mapText(stacks, [[['a+1', 'b+2'], count(4)]]),
    '@[\n        a+1\n        b+2\n]: 4\n',
  );
});

const values: readonly (readonly [ValueType, Value, string])[] = [
  [{ kind: 'boolean' }, true, 'true'],
  [{ kind: 'pointer' }, 0n, '0x0'],
  [{ kind: 'array', element: I64, length: 2 }, [1n, 2n], '[1,2]'],
  [{ kind: 'record', size: 0, fields: [] }, [], '{}'],
  [{ kind: 'buffer', size: 3 }, Uint8Array.of(65, 1), 'A\\x01'],
];

for (const [type, value, expected] of values) {
  test(`a ${type.kind} prints as ${expected}`, () => {
    assert.equal(out({ kind: 'value', type, value, ...at }), `${expected}\n`);
  });
}

test('what commands print leaves no empty lines among those of other hosts', () => {
  const item: OutputItem = { kind: 'system', host: 'a', unixNs: 0n, text: 'one\ntwo\n' };
  assert.equal(renderText(item, { hostColumn: 3 }).text, 'a    one\na    two\n');
});

test('printf, time and cat are printed as they are; join and system end their line', () => {
  const text = (kind: 'printf' | 'time' | 'cat' | 'join' | 'system'): string =>
    out({ kind, text: 'x', ...at });
  assert.deepEqual((['printf', 'time', 'cat', 'join', 'system'] as const).map(text), [
    'x',
    'x',
    'x',
    'x\n',
    'x\n',
  ]);
});

test('messages of the program go to the error stream with their place', () => {
  assert.equal(
    err({ kind: 'errorf', message: 'no\n', at: AT, ...at }),
    'stdin:1:9-12: ERROR: no\n',
  );
  assert.equal(err({ kind: 'warnf', message: 'no', at: AT, ...at }), 'stdin:1:9-12: WARNING: no\n');
});

test('a helper error explains itself and shows the source', () => {
  assert.equal(
    err({ kind: 'helper-error', helper: 'map_delete_elem', code: -2, at: AT, ...at }),
    [
      "stdin:1:9-12: WARNING: Can't delete map element because it does not exist.",
      'Additional Info - helper: map_delete_elem, retcode: -2',
      'begin { abc }',
      '        ~~~',
      '',
    ].join('\n'),
  );
});

test('other helper errors have the text of their number', () => {
  const text = err({ kind: 'helper-error', helper: 'get_stackid', code: -14, at: AT, ...at });
  assert.match(text, /WARNING: Bad address\nAdditional Info - helper: get_stackid, retcode: -14\n/);
});

test('tabs of the source are four columns, marks included', () => {
  const place = { ...AT, text: '\tx = 1', column: 2, endColumn: 3 };
  assert.equal(
    err({ kind: 'runtime-error', message: 'bad', at: place, ...at }),
    'stdin:1:2-3: WARNING: bad\n    x = 1\n    ~\n',
  );
});

test('a place of several lines is shown without marks', () => {
  const place = { ...AT, endLine: 2, text: 'a\nb' };
  assert.equal(
    err({ kind: 'runtime-error', message: 'bad', at: place, ...at }),
    'stdin:1-2: WARNING: bad\na\nb\n',
  );
});

test('probes and losses are counted on the error stream', () => {
  assert.equal(err({ kind: 'attached-probes', count: 1 }), 'Attached 1 probe\n');
  assert.equal(err({ kind: 'attached-probes', count: 2 }), 'Attached 2 probes\n');
  assert.equal(err({ kind: 'lost-events', count: 5, ...at }), 'Lost 5 events\n');
});

test('every line of a host stands behind its name', () => {
  const item: OutputItem = { kind: 'printf', text: 'a\nb', host: 'web-1', ...at };
  assert.equal(out(item, { hostColumn: 6 }), 'web-1   a\nweb-1   b\n');
  assert.equal(out(item), 'a\nb');
});

test('escaping makes the terminal’s commands visible and keeps the layout', () => {
  const item: OutputItem = { kind: 'printf', text: '\u001b[2J\tx\u009b\u202e\n', ...at };
  assert.equal(out(item, { escape: true }), '\\x1b[2J\tx\\x9b\\u202e\n');
  assert.equal(out(item), '\u001b[2J\tx\u009b\u202e\n');
});

test('in an escaped map no key can pass for a line', () => {
  const entries = [{ key: 'a\n@x[b]: 9', value: count(1) }];
  const item: OutputItem = { kind: 'map', map: COUNTS, entries };
  assert.equal(out(item, { escape: true }), '@x[a\\n@x[b]: 9]: 1\n');
});

test('what a host makes up of its program does not act on a terminal either', () => {
  const at = { ...AT, file: 'a\u001b[2J', text: 'begin\u009b { }' };
  const items: readonly OutputItem[] = [
    { kind: 'runtime-error', unixNs: 0n, message: '\u001b]0;x\u0007', at },
    { kind: 'helper-error', unixNs: 0n, helper: '\u001b[1m', code: -1, at },
    { kind: 'errorf', unixNs: 0n, message: 'a\r\n', at },
  ];
  for (const item of items) {
    const { text } = renderText(item, { escape: true });
    assert.equal(text, escapeLine(text));
    assert.ok(text.includes('\\x'));
  }
});

/** Items as bpftrace -f json writes them, with what upstream gets wrong put right. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type {
  MapEntry,
  MapSchema,
  MapValue,
  OutputItem,
  Value,
  ValueType,
} from '@bpfleet/protocol';
import { renderJson } from '@bpfleet/protocol';
import fc from 'fast-check';
import { AT, COMM, I64, mapSchema, U64 } from '../samples.ts';

const at = { unixNs: 1n };

function json(item: OutputItem, expected: string): void {
  assert.equal(renderJson(item), expected === '' ? '' : `${expected}\n`);
  if (expected !== '') JSON.parse(expected);
}

function mapJson(map: MapSchema, entries: readonly MapEntry[], expected: string): void {
  json({ kind: 'map', map, entries }, expected);
}

const count = (n: bigint): MapValue => ({ kind: 'count', count: n });

test('a scalar map is its value, a keyed map an object', () => {
  mapJson(
    mapSchema({ name: '@x', value: { kind: 'count' } }),
    [{ key: undefined, value: count(1n) }],
    '{"type": "map", "data": {"@x": 1}}',
  );
  mapJson(
    mapSchema({ name: '@y', key: COMM, value: { kind: 'count' } }),
    [
      { key: 'b', value: count(4n) },
      { key: 'a b', value: count(2n) },
    ],
    '{"type": "map", "data": {"@y": {"ab": 2, "b": 4}}}',
  );
});

test('an empty keyed map is no line at all', () => {
  mapJson(mapSchema({ name: '@y', key: COMM, value: { kind: 'count' } }), [], '');
});

test('tuple keys lose parentheses and spaces, and have their host first', () => {
  const key: ValueType = {
    kind: 'tuple',
    size: 24,
    fields: [
      { name: '0', offset: 0, type: U64 },
      { name: '1', offset: 8, type: COMM },
    ],
  };
  const map = mapSchema({ name: '@', key, value: { kind: 'count' } });
  mapJson(
    map,
    [{ key: [1n, 'foo'], value: count(2n) }],
    '{"type": "map", "data": {"@": {"1,foo": 2}}}',
  );
  mapJson(
    map,
    [{ key: [1n, 'foo'], host: 'web-1', value: count(2n) }],
    '{"type": "map", "data": {"@": {"web-1,1,foo": 2}}}',
  );
});

test('stats and averages are of type stats', () => {
  mapJson(
    mapSchema({ name: '@s', value: { kind: 'stats', signed: true } }),
    [{ key: undefined, value: { kind: 'stats', total: 6n, count: 3n } }],
    '{"type": "stats", "data": {"@s": {"count": 3, "average": 2, "total": 6}}}',
  );
  mapJson(
    mapSchema({ name: '@a', key: COMM, value: { kind: 'avg', signed: true } }),
    [{ key: 'x', value: { kind: 'avg', total: 6n, count: 3n } }],
    '{"type": "stats", "data": {"@a": {"x": 2}}}',
  );
});

test('buckets have inclusive bounds and are open at the ends', () => {
  mapJson(
    mapSchema({ name: '@h', value: { kind: 'hist', bits: 0 } }),
    [
      {
        key: undefined,
        value: {
          kind: 'hist',
          buckets: [
            [0, 1n],
            [1, 2n],
            [3, 9n],
          ],
        },
      },
    ],
    '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1},{"min": 0, "max": 0, "count": 2},{"min": 1, "max": 1, "count": 0},{"min": 2, "max": 3, "count": 9}]}}',
  );
  mapJson(
    mapSchema({
      name: '@l',
      key: COMM,
      value: { kind: 'lhist', min: -1024n, max: 0n, step: 1024n },
    }),
    [
      {
        key: 'k',
        value: {
          kind: 'lhist',
          buckets: [
            [1, 1n],
            [2, 1n],
          ],
        },
      },
    ],
    '{"type": "hist", "data": {"@l": {"k": [{"min": -1024, "max": -1, "count": 1},{"min": 0, "count": 1}]}}}',
  );
});

const values: readonly (readonly [ValueType, Value, string])[] = [
  [I64, -5n, '-5'],
  [U64, (1n << 53n) + 1n, '"9007199254740993"'],
  [U64, 1n << 60n, '1152921504606846976'],
  [U64, (1n << 64n) - 1n, '"18446744073709551615"'],
  [{ kind: 'boolean' }, true, 'true'],
  [COMM, 'é"\\\n\u0001', '"é\\"\\\\\\n\\u0001"'],
  [{ kind: 'pointer' }, 255n, '255'],
  [{ kind: 'enum', size: 4, signed: false, variants: { '1': 'RUN' } }, 1n, '1'],
  [{ kind: 'array', element: I64, length: 2 }, [1n, 2n], '[1,2]'],
  [
    {
      kind: 'tuple',
      size: 9,
      fields: [
        { name: '0', offset: 0, type: I64 },
        { name: '1', offset: 8, type: { kind: 'string', size: 1 } },
      ],
    },
    [1n, 'a'],
    '[1,"a"]',
  ],
  [
    {
      kind: 'record',
      size: 16,
      fields: [
        { name: 'a', offset: 0, type: I64 },
        { name: 'b', offset: 8, type: I64 },
      ],
    },
    [1n, 2n],
    '{"a": 1, "b": 2}',
  ],
  [{ kind: 'buffer', size: 3 }, Uint8Array.of(65, 255), '[65,-1]'],
  [{ kind: 'kstack', mode: 'bpftrace', limit: 2 }, ['f+1'], '"\\n        f+1\\n"'],
];

for (const [type, value, expected] of values) {
  test(`a ${type.kind} is ${expected}`, () => {
    json({ kind: 'value', type, value, ...at }, `{"type": "value", "data": ${expected}}`);
  });
}

test('printed text has its type, and its host on a fleet', () => {
  json({ kind: 'printf', text: 'hi\n', ...at }, '{"type": "printf", "data": "hi\\n"}');
  json(
    { kind: 'time', text: '12:00:00\n', host: 'web-1', ...at },
    '{"type": "time", "data": "12:00:00\\n", "host": "web-1"}',
  );
  json({ kind: 'join', text: 'ls -l', ...at }, '{"type": "join", "data": "ls -l"}');
  json({ kind: 'system', text: 'x', ...at }, '{"type": "syscall", "data": "x"}');
  json({ kind: 'cat', text: 'x', ...at }, '{"type": "cat", "data": "x"}');
});

test('messages name their place', () => {
  const place = '"filename": "stdin", "line": 1, "col": 9';
  json({ kind: 'warnf', message: 'm', at: AT, ...at }, `{"type": "warnf", "msg": "m", ${place}}`);
  json(
    { kind: 'runtime-error', message: 'm', at: AT, ...at },
    `{"type": "runtime_error", "msg": "m", ${place}}`,
  );
  json(
    { kind: 'helper-error', helper: 'map_update_elem', code: -7, at: AT, ...at },
    `{"type": "helper_error", "msg": "Argument list too long", "helper": "map_update_elem", "retcode": -7, ${place}}`,
  );
});

test('counts stand twice', () => {
  json(
    { kind: 'attached-probes', count: 2 },
    '{"type": "attached_probes", "count": 2, "data": {"probes": 2}}',
  );
  json(
    { kind: 'lost-events', count: 5, ...at },
    '{"type": "lost_events", "count": 5, "data": {"events": 5}}',
  );
});

test('a printed map of a fleet says how many hosts it rests on', () => {
  const map = mapSchema({ name: '@', value: { kind: 'count' } });
  json(
    { kind: 'map', map, entries: [{ key: undefined, value: count(1n) }], reporting: [2, 3] },
    '{"type": "map", "data": {"@": 1}, "reporting": [2,3]}',
  );
});

test('any text is valid JSON and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parsed: unknown = JSON.parse(renderJson({ kind: 'printf', text, ...at }));
      assert.deepEqual(parsed, { type: 'printf', data: text });
    }),
  );
});

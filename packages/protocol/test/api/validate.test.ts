/** Control messages from the network: the real ones are read, all else is refused without an exception. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { DesiredSession, Heartbeat, HostReport, Schema } from '@bpfleet/protocol';
import {
  encodeJson,
  parseDesiredSession,
  parseHeartbeat,
  parseHostReport,
  parseQueryRequest,
  parseRunRequest,
  parseSchema,
  parseSelector,
  schemaJson,
} from '@bpfleet/protocol';
import fc from 'fast-check';
import { AT, COMM, I64, mapSchema, schemaOf, U64 } from '../samples.ts';

const HEARTBEAT: Heartbeat = {
  version: 1,
  host: 'web-1',
  labels: { role: 'web' },
  kernel: '6.1.0',
  arch: 'x86_64',
  features: ['ringbuf'],
  agentVersion: '0.1.0',
  startedAtMs: 1,
  sentAtNs: '1700000000000000000',
  sessions: [],
};

const SESSION: DesiredSession = {
  version: 1,
  id: 's1',
  program: 'BEGIN { exit(); }',
  sourceName: 'stdin',
  parameters: [],
  selector: { hosts: ['a'], labels: {} },
  unsafe: false,
  state: 'run',
  startAtMs: 5,
  createdAtMs: 4,
  who: 'root',
};

const SCHEMA = schemaOf({
  maps: [
    mapSchema({ name: '@', value: { kind: 'lhist', min: -10n, max: 10n, step: 5n } }),
    mapSchema({
      name: '@x',
      key: {
        kind: 'tuple',
        size: 24,
        fields: [
          { name: '0', offset: 0, type: U64 },
          { name: '1', offset: 8, type: COMM },
        ],
      },
      value: { kind: 'plain', type: { kind: 'array', element: I64, length: 2 } },
    }),
  ],
  events: [
    { kind: 'print-map', map: '@', top: undefined, divisor: 5 },
    {
      kind: 'errorf',
      format: '%d',
      arguments: [{ offset: 24, type: I64, dynamic: false }],
      at: AT,
    },
    { kind: 'exit' },
  ],
});

const REPORT: HostReport = {
  version: 1,
  session: 's1',
  host: 'web-1',
  atMs: 7,
  kind: 'armed',
  schema: SCHEMA,
  schemaHash: 'abc',
  probes: 2,
  warnings: '',
};

test('messages are read as they were written', () => {
  assert.deepEqual(parseHeartbeat(encodeJson(HEARTBEAT)), HEARTBEAT);
  assert.deepEqual(parseDesiredSession(encodeJson(SESSION)), SESSION);
  assert.deepEqual(parseHostReport(encodeJson(REPORT)), REPORT);
  assert.deepEqual(parseSchema(encodeJson(SCHEMA)), SCHEMA);
  assert.deepEqual(parseSelector('{"hosts":[],"labels":{"a":"b"}}'), {
    hosts: [],
    labels: { a: 'b' },
  });
  assert.deepEqual(parseQueryRequest('{"sql":"SELECT 1"}'), { sql: 'SELECT 1' });
});

test('messages are read from bytes as well', () => {
  const bytes = new TextEncoder().encode(encodeJson(HEARTBEAT));
  assert.deepEqual(parseHeartbeat(bytes), HEARTBEAT);
  assert.equal(parseHeartbeat(Uint8Array.of(0xff, 0xfe)), undefined);
});

test('a message of a newer sender may have more members', () => {
  assert.ok(parseHeartbeat(encodeJson({ ...HEARTBEAT, load: 3 })) !== undefined);
});

const parsers = [
  parseHeartbeat,
  parseDesiredSession,
  parseHostReport,
  parseSchema,
  parseSelector,
  parseRunRequest,
  parseQueryRequest,
];

test('garbage is refused without an exception', () => {
  const garbage = fc.oneof(fc.string(), fc.json(), fc.constant('['.repeat(100_000)));
  fc.assert(
    fc.property(garbage, (text) => {
      for (const parse of parsers) assert.equal(parse(text), undefined);
    }),
  );
});

test('a message with any member gone or of another type is refused', () => {
  const required = (message: object, optional: readonly string[]): string[] =>
    Object.keys(message).filter((name) => !optional.includes(name));
  const cases: readonly (readonly [object, (text: string) => unknown, readonly string[]])[] = [
    [HEARTBEAT, parseHeartbeat, []],
    [SESSION, parseDesiredSession, ['startAtMs']],
    [REPORT, parseHostReport, []],
    [SCHEMA, parseSchema, []],
  ];
  for (const [message, parse, optional] of cases) {
    for (const name of required(message, optional)) {
      const text = (value: unknown): string => encodeJson({ ...message, [name]: value });
      assert.equal(parse(text(undefined)), undefined, `without ${name}`);
      assert.equal(parse(text(null)), undefined, `${name} null`);
    }
  }
});

test('inherited names are no kinds', () => {
  assert.equal(parseHostReport(encodeJson({ ...REPORT, kind: 'constructor' })), undefined);
});

const badMaps = {
  'a field outside of its record': mapSchema({
    name: '@',
    key: { kind: 'tuple', size: 8, fields: [{ name: '0', offset: 8, type: U64 }] },
    value: { kind: 'count' },
  }),
  'an array of nothing': mapSchema({
    name: '@',
    key: { kind: 'array', element: { kind: 'tuple', size: 0, fields: [] }, length: 1000 },
    value: { kind: 'count' },
  }),
  'an array without end': mapSchema({
    name: '@',
    key: { kind: 'array', element: U64, length: 1 << 20 },
    value: { kind: 'count' },
  }),
  'a histogram with a billion buckets': mapSchema({
    name: '@',
    value: { kind: 'lhist', min: 0n, max: 1_000_000_000n, step: 1n },
  }),
  'a histogram without a step': mapSchema({
    name: '@',
    value: { kind: 'lhist', min: 0n, max: 10n, step: 0n },
  }),
};

for (const [what, map] of Object.entries(badMaps)) {
  test(`a schema with ${what} is refused`, () => {
    assert.equal(parseSchema(encodeJson(schemaOf({ maps: [map] }))), undefined);
  });
}

test('equal schemas have one text, whatever the order of their members', () => {
  const turned = Object.fromEntries(
    Object.entries(SCHEMA).toReversed(),
  ) as unknown as typeof SCHEMA;
  assert.equal(schemaJson(turned), schemaJson(SCHEMA));
  assert.notEqual(schemaJson(schemaOf({})), schemaJson(SCHEMA));
});

test('a schema whose maps have other names than the language has is refused', () => {
  const named = (name: string): Schema | undefined =>
    parseSchema(
      encodeJson({ ...schemaOf({}), maps: [mapSchema({ name, value: { kind: 'count' } })] }),
    );
  for (const name of ['@', '@a_1']) assert.ok(named(name) !== undefined);
  for (const name of ['', 'a', '@a b', '@\u001b[2J', '@<b>', '@a"', "@a'b", '@ü']) {
    assert.equal(named(name), undefined);
  }
});

/** Records of the ring buffer. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { EventField, Schema } from '@bpfleet/protocol';
import { decodeEvent, noNames } from '@bpfleet/protocol';
import fc from 'fast-check';
import { AT, bytes, COMM, I64, record, schemaOf, words } from '../samples.ts';

const number: EventField = { offset: 24, type: I64, dynamic: false };
const text: EventField = { offset: 32, type: COMM, dynamic: true };

const SCHEMA: Schema = schemaOf({
  events: [
    { kind: 'printf', format: '%d %s', arguments: [number, text] },
    { kind: 'exit' },
    { kind: 'helper-error', helper: 'map_update_elem', at: AT },
    { kind: 'join', separator: ' ', arguments: [text] },
    {
      kind: 'print-value',
      value: { offset: 24, type: { kind: 'buffer', size: 9 }, dynamic: true },
    },
  ],
});

function decode(data: Uint8Array): ReturnType<typeof decodeEvent> {
  return decodeEvent(SCHEMA, data, noNames);
}

/** A record of event 0 whose dynamic string is at 40. */
function printfRecord(start: number, length: number, tail: string): Uint8Array {
  const fields = new Uint8Array(16 + tail.length);
  fields.set(words(5));
  new DataView(fields.buffer).setUint32(8, start, true);
  new DataView(fields.buffer).setUint32(12, length, true);
  fields.set(bytes(tail), 16);
  return record(0, 99n, fields);
}

test('a record gives its header and its arguments', () => {
  const event = decode(printfRecord(40, 5, 'hello'));
  assert.ok(event.kind === 'event');
  assert.deepEqual(event.header, { nsecs: 99n, tid: 42, pid: 41, event: 0, cpu: 0 });
  assert.deepEqual(event.arguments, [5n, 'hello']);
});

test('bit 31 of a dynamic length marks text that was cut', () => {
  const event = decode(printfRecord(40, 0x8000_0005, 'hello'));
  assert.deepEqual(event.kind === 'event' && event.arguments[1], 'hello..');
});

test('dynamic text ends at a NUL', () => {
  const event = decode(printfRecord(40, 5, 'he\0lo'));
  assert.deepEqual(event.kind === 'event' && event.arguments[1], 'he');
});

test('an exit carries a signed code of 32 bits', () => {
  const event = decode(record(1, 0n, Uint8Array.of(0xfe, 0xff, 0xff, 0xff)));
  assert.deepEqual(event.kind === 'event' && event.arguments, [-2n]);
});

test('a helper error carries a signed code of 64 bits', () => {
  const event = decode(record(2, 0n, words(-7)));
  assert.deepEqual(event.kind === 'event' && event.arguments, [-7n]);
});

const malformed: readonly (readonly [string, Uint8Array, string])[] = [
  ['shorter than a header', new Uint8Array(23), 'short-record'],
  ['of an unknown event', record(9, 0n, words(1)), 'unknown-event'],
  ['that ends inside of a field', record(0, 0n, bytes('abc')), 'field-out-of-bounds'],
  ['whose string is beyond its end', printfRecord(40, 6, 'hello'), 'field-out-of-bounds'],
  ['whose string starts beyond its end', printfRecord(900, 1, 'hello'), 'field-out-of-bounds'],
];

for (const [what, data, reason] of malformed) {
  test(`a record ${what} is malformed`, () => {
    assert.deepEqual(decode(data), { kind: 'malformed', reason });
  });
}

test('any bytes give an event or a reason', () => {
  const records = fc
    .tuple(fc.nat(5), fc.uint8Array({ maxLength: 60 }))
    .map(([event, fields]) => record(event, 1n, fields));
  fc.assert(
    fc.property(fc.oneof(records, fc.uint8Array({ maxLength: 60 })), (data) => {
      assert.match(decode(data).kind, /^(event|malformed)$/);
    }),
    { numRuns: 2000 },
  );
});

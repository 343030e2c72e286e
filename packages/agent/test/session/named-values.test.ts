import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ValueType } from '@bpfleet/protocol';
import { hasNamedParts, namedParts } from '../../src/session/named-values.ts';

const integer: ValueType = { kind: 'integer', size: 8, signed: false };
const kstack: ValueType = { kind: 'kstack', mode: 'bpftrace', limit: 127 };
const usym: ValueType = { kind: 'usym' };
const tuple: ValueType = {
  kind: 'tuple',
  size: 32,
  fields: [
    { name: '0', offset: 0, type: integer },
    { name: '1', offset: 8, type: kstack },
    { name: '2', offset: 16, type: usym },
  ],
};

test('finds the named parts of a tuple with their own bytes', () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
  const parts = [...namedParts(tuple, bytes)];
  assert.deepEqual(
    parts.map((part) => [part.type.kind, part.id[0], part.id.length]),
    [
      ['kstack', 8, 8],
      ['usym', 16, 16],
    ],
  );
});

test('finds the elements of an array', () => {
  const array: ValueType = { kind: 'array', element: { kind: 'ksym' }, length: 3 };
  assert.deepEqual(
    [...namedParts(array, new Uint8Array(24).fill(7))].map((part) => part.id.length),
    [8, 8, 8],
  );
});

test('knows which types need no names', () => {
  assert.equal(hasNamedParts(integer), false);
  assert.equal(hasNamedParts(tuple), true);
  assert.equal(hasNamedParts({ kind: 'array', element: integer, length: 2 }), false);
});

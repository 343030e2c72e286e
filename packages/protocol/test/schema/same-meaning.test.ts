import assert from 'node:assert/strict';
import test from 'node:test';
import { differenceInMeaning, type Schema, type ValueType } from '@bpfleet/protocol';
import { COMM, I64, mapSchema, schemaOf, U64 } from '../samples.ts';

function keyed(key: ValueType | undefined): Schema {
  return schemaOf({ maps: [mapSchema({ name: '@x', key, value: { kind: 'count' } })] });
}

function record(...names: readonly string[]): ValueType {
  const fields = names.map((name, i) => ({ name, offset: 8 * i, type: U64 }));
  return { kind: 'record', size: 8 * names.length, fields };
}

test('layout is no meaning: widths, signs, offsets and names of enumerators', () => {
  const u32: ValueType = { kind: 'integer', size: 4, signed: false };
  const named: ValueType = { kind: 'enum', size: 4, signed: false, variants: { '1': 'ONE' } };
  assert.equal(differenceInMeaning(keyed(u32), keyed(I64)), undefined);
  assert.equal(differenceInMeaning(keyed(named), keyed(u32)), undefined);
  assert.equal(differenceInMeaning(keyed(COMM), keyed({ kind: 'string', size: 64 })), undefined);
});

test('a number is no text, and a tuple not another tuple', () => {
  assert.equal(
    differenceInMeaning(keyed(U64), keyed(COMM)),
    'the key of @x is text, elsewhere a number',
  );
  const pair = (second: ValueType): Schema =>
    keyed({
      kind: 'tuple',
      size: 24,
      fields: [
        { name: '0', offset: 0, type: U64 },
        { name: '1', offset: 8, type: second },
      ],
    });
  assert.equal(
    differenceInMeaning(pair(U64), pair(COMM)),
    'the key of @x is (a number, text), elsewhere (a number, a number)',
  );
  assert.equal(
    differenceInMeaning(keyed(undefined), keyed(U64)),
    'the key of @x is a number, elsewhere none',
  );
});

test('records are the same by the names of their members', () => {
  assert.equal(differenceInMeaning(keyed(record('a', 'b')), keyed(record('a', 'b'))), undefined);
  assert.equal(
    differenceInMeaning(keyed(record('a')), keyed(record('a', 'b'))),
    'the key of @x is { a: a number, b: a number }, elsewhere { a: a number }',
  );
});

test('histograms of other buckets cannot be added up', () => {
  const linear = (step: bigint): Schema =>
    schemaOf({
      maps: [mapSchema({ name: '@h', value: { kind: 'lhist', min: 0n, max: 100n, step } })],
    });
  assert.equal(
    differenceInMeaning(linear(10n), linear(5n)),
    'the value of @h is lhist from 0 to 100 by 5, elsewhere lhist from 0 to 100 by 10',
  );
});

test('a map that only one host has is no difference', () => {
  assert.equal(differenceInMeaning(schemaOf({}), keyed(U64)), undefined);
  assert.equal(differenceInMeaning(keyed(U64), schemaOf({})), undefined);
});

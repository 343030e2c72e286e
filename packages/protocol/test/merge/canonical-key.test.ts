/** Keys match exactly when the values are equal. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Value } from '@bpfleet/protocol';
import { keyOf } from '@bpfleet/protocol';
import fc from 'fast-check';

const { value: values } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.bigInt(),
    fc.boolean(),
    fc.string(),
    fc.uint8Array({ maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));

test('equal values have equal keys', () => {
  fc.assert(
    fc.property(values, (value) => assert.equal(keyOf(value), keyOf(structuredClone(value)))),
  );
});

test('different values have different keys', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      fc.pre(!equal(a, b));
      assert.notEqual(keyOf(a), keyOf(b));
    }),
  );
});

test('texts cannot imitate the structure around them', () => {
  const pairs: readonly (readonly [Value, Value])[] = [
    [['a', 'b'], ['as1:b']],
    [[['a'], 'b'], [['a', 'b']]],
    ['1', 1n],
    [['', ''], ['']],
  ];
  for (const [a, b] of pairs) assert.notEqual(keyOf(a), keyOf(b));
});

function equal(a: Value, b: Value): boolean {
  try {
    assert.deepStrictEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

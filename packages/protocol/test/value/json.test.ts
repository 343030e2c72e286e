/** JSON that loses nothing. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJson, encodeJson } from '@bpfleet/protocol';
import fc from 'fast-check';

const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, true, false),
    fc.integer(),
    fc.bigInt(-(1n << 127n), 1n << 127n),
    fc.string(),
    fc.uint8Array({ maxLength: 5 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('$bigint', '$$', '$bytes', '__proto__')),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

test('every value comes back', () => {
  fc.assert(
    fc.property(values, (value) => assert.deepEqual(decodeJson(encodeJson(value)), value)),
    {
      numRuns: 1000,
    },
  );
});

test('special values are written as objects with one member', () => {
  const value = { big: 1n << 64n, bytes: Uint8Array.of(1, 255), none: undefined, $: 1 };
  assert.equal(
    encodeJson(value),
    '{"big":{"$bigint":"18446744073709551616"},"bytes":{"$bytes":"01ff"},"none":{"$undefined":true},"$$":1}',
  );
});

for (const text of ['', '{', '{"$bigint":"x"}', '{"$bytes":"0"}', '{"$other":1}']) {
  test(`${JSON.stringify(text)} is a syntax error`, () => {
    assert.throws(() => decodeJson(text), SyntaxError);
  });
}

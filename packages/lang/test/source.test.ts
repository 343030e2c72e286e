/** Offsets and positions of texts. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Source } from '../src/source.ts';

const texts = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '日', '👍', '\r'), maxLength: 30 });

suite('positions', () => {
  test('count lines and bytes from 1', () => {
    const source = new Source('stdin', 'ab\né👍x\n');
    const places = [0, 2, 3, 4, 6, 7, 8].map((offset) => source.position(offset));
    assert.deepEqual(
      places.map(({ line, column }) => [line, column]),
      [
        [1, 1],
        [1, 3],
        [2, 1],
        [2, 3],
        [2, 7],
        [2, 8],
        [3, 1],
      ],
    );
  });

  test('are the same in whatever order they are asked for, and lead back', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(60)), (text, wanted) => {
        const source = new Source('stdin', text);
        for (const index of wanted) {
          // Between characters only.
          const offset = Array.from(text).slice(0, index).join('').length;
          const position = source.position(offset);
          const line = text.slice(0, offset).split('\n').at(-1) ?? '';
          assert.equal(position.column, new TextEncoder().encode(line).length + 1);
          assert.equal(source.offset(position), offset);
        }
      }),
    );
  });
});

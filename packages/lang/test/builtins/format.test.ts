/** Format strings against the types of their arguments. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkFormat, conversions } from '../../src/builtins/format.ts';
import { BOOLEAN, INT64, pointer, string, VOID } from '../../src/types/scalars.ts';
import type { Type } from '../../src/types/type.ts';

const buffer: Type = { kind: 'buffer', size: 8 };
const tuple: Type = { kind: 'tuple', size: 0, align: 1, fields: [] };

suite('format strings', () => {
  test('have conversions with flags, widths and lengths', () => {
    assert.deepEqual(conversions('a %% %-10s %08lx %5.3d %lld %rx %rh %r %gr'), [
      's',
      'x',
      'd',
      'd',
      'rx',
      'rh',
      'r',
      'gr',
    ]);
  });

  for (const [format, types] of [
    ['%d %u %x %c %p', [INT64, BOOLEAN, pointer(VOID, 'user'), INT64, INT64]],
    ['%s %s %s %s', [string(4), INT64, tuple, { kind: 'kstack', mode: 'perf', limit: 3 }]],
    ['%r %rx %rh', [buffer, buffer, buffer]],
    ['%d', [{ kind: 'count' }]],
    ['100%%', []],
  ] as readonly (readonly [string, readonly Type[]])[]) {
    test(`${format} takes its arguments`, () =>
      assert.equal(checkFormat(format, types), undefined));
  }

  for (const [format, types, fault] of [
    ['%d', [], 'not enough arguments for format string (0 supplied, 1 expected)'],
    ['x', [INT64], 'too many arguments for format string (1 supplied, 0 expected)'],
    ['%d', [string(4)], "unsupported format specifier for type 'string[4]': d"],
    ['%r', [INT64], "unsupported format specifier for type 'int64': r"],
    ['%n', [INT64], 'unsupported format specifier: n'],
    ['%s', [VOID], 'unable to print none type for specifier: s'],
    ['%d', [{ kind: 'hist', bits: 0 }], "unsupported format specifier for type 'hist_t': d"],
  ] as readonly (readonly [string, readonly Type[], string])[]) {
    test(`${format} refuses with: ${fault}`, () => assert.equal(checkFormat(format, types), fault));
  }
});

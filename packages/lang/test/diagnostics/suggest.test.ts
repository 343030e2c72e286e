/** Did-you-mean. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { suggest } from '../../src/diagnostics/suggest.ts';

suite('suggestions', () => {
  const names = [
    'filename',
    'flags',
    'mode',
    'pid',
    'printf',
    'print',
    'count',
    'kstack',
    'ustack',
  ];
  const cases: readonly (readonly [name: string, suggestion: string | undefined])[] = [
    ['filenam', 'filename'],
    ['fielname', 'filename'],
    ['FileName', 'filename'],
    ['flag', 'flags'],
    ['pdi', 'pid'],
    ['prinft', 'printf'],
    ['kstac', 'kstack'],
    ['xyz', undefined],
    ['', undefined],
    ['completely_different', undefined],
  ];
  for (const [name, expected] of cases) {
    test(`for ${JSON.stringify(name)}: ${expected ?? 'none'}`, () => {
      assert.equal(suggest(name, names), expected);
    });
  }

  test('never the name itself', () => assert.equal(suggest('pid', ['pid', 'tid']), 'tid'));
  test('the first of two that are equally near', () => {
    assert.equal(suggest('bstack', ['kstack', 'ustack']), 'kstack');
  });
});

/** Did-you-mean. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
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

/** All cells of the table, where `suggest` fills a band of them. */
function editDistance(a: string, b: string): number {
  const cells = new Map<string, number>();
  const cell = (row: number, column: number): number => {
    if (row === 0 || column === 0) return row + column;
    const known = cells.get(`${row} ${column}`);
    if (known !== undefined) return known;
    const same = a[row - 1] === b[column - 1];
    const ways = [cell(row - 1, column) + 1, cell(row, column - 1) + 1];
    ways.push(cell(row - 1, column - 1) + (same ? 0 : 1));
    const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
    if (row > 1 && column > 1 && swapped) ways.push(cell(row - 2, column - 2) + 1);
    const least = Math.min(...ways);
    cells.set(`${row} ${column}`, least);
    return least;
  };
  return cell(a.length, b.length);
}

test('the nearest of any names is found', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 14 });
  fc.assert(
    fc.property(name, fc.array(name, { maxLength: 6 }), (wanted, names) => {
      const allowed = Math.max(1, Math.floor(wanted.length / 3));
      const distances = names.map((one) => (one === wanted ? Infinity : editDistance(wanted, one)));
      const least = Math.min(...distances);
      const nearest = least > allowed ? undefined : names[distances.indexOf(least)];
      assert.equal(suggest(wanted, names), nearest);
    }),
    { numRuns: 500, seed: 1 },
  );
});

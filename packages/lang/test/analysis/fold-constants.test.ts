/** What becomes of expressions whose values are known. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Expression } from '../../src/syntax/ast.ts';
import { analysed } from './analysed.ts';

/** The literal that `expression` is folded to, or its kind. */
function folded(expression: string, parameters: readonly string[] = []): unknown {
  const { probes } = analysed(`BEGIN { $x = ${expression}; }`, { parameters });
  const [statement] = probes[0]?.body.statements ?? [];
  assert.ok(statement?.kind === 'assignment');
  return literal(statement.value);
}

function literal(node: Expression): unknown {
  if (node.kind === 'cast') return literal(node.operand);
  return 'value' in node ? node.value : node.kind;
}

suite('foldConstants', () => {
  for (const [expression, value] of [
    ['1 + 2 * 3', 7n],
    ['-4 / 2', -2n],
    ['-7 / 2', -3n],
    ['-7 % 3', -1n],
    ['0xffffffffffffffff - 1', 0xfffffffffffffffen],
    ['~0', 0xffffffffffffffffn],
    ['~(-1)', 0n],
    ['1 << 40', 1n << 40n],
    ['1 < 2', true],
    ['!5', false],
    ['"a" + "b"', 'ab'],
    ['"a" == "b"', false],
    ['1 ? "yes" : "no"', 'yes'],
    ['5 ?: 7', 5n],
    ['sizeof(uint32)', 4n],
    ['sizeof(string[64])', 64n],
    ['sizeof(timestamp)', 16n],
    ['probe', 'begin'],
    ['probetype', 'special'],
    ['usermode', 1n],
    ['ncpus', 2n],
    ['host', 'web-1'],
    ['label("role")', 'db'],
    ['label("rack")', ''],
    ['label("constructor")', ''],
    ['host + "/" + label("role")', 'web-1/db'],
    ['kaddr("jiffies")', 18446744071600562176n],
    ['cgroupid("/sys/fs/cgroup")', 1n],
    ['str("abc")', 'abc'],
    ['str("abcdef", 4)', 'abcd'],
    ['str(12)', '12'],
    ['"abc" + 1', 'bc'],
    ['"é" + 1', '\udca9'],
    ['"abc" < "abd"', true],
    ['"ab" < "a"', false],
    ['"a" && true', true],
    ['"ab"[1]', 98n],
    ['"ab"[2]', 0n],
    ['true + true', true],
    ['true << false', false],
    ['1 && true', true],
    ['3 << 63', 1n << 63n],
    ['-1 >> 1', -1n],
    ['-(-0x8000000000000000)', 0x8000000000000000n],
    ['sizeof(uint32) * 2', 8n],
    ['(1, "a") == (1, "a")', true],
    ['(1, 2) == (1, 2, 3)', false],
    ['(1, pid) == (1, pid)', 'binary'],
    ['(5, 6).1', 6n],
    ['{ 7 }', 7n],
    ['comptime (1 + 1)', 2n],
    ['comptime ("" ? 1 : 2)', 2n],
    ['if comptime ("x" == "x") { 1 } else { nonsense }', 1n],
    ['is_literal("x")', true],
    ['is_literal(pid)', false],
    ['pid + 1', 'binary'],
  ] as const) {
    test(`makes ${expression} ${value}`, () => {
      assert.equal(folded(expression), value);
    });
  }

  test('splices parameters: numbers, text, and text where str asks for it', () => {
    const parameters = ['12', '-3', 'abc', '0x10'];
    const values = ['$1', '$2', '$3', '$4', 'str($1)', '$#', '$1 + 1'];
    assert.deepEqual(
      values.map((expression) => folded(expression, parameters)),
      [12n, -3n, 'abc', 16n, '12', 4n, 13n],
    );
  });

  test('drops branches of if comptime that cannot run, and no others', () => {
    const mapsIn = (text: string): readonly string[] => [...analysed(text).maps.keys()];
    const comptime =
      'BEGIN { if comptime (1) { @a = 1; } else { @b = 1; } if comptime (0) { @c = 1; } }';
    assert.deepEqual(mapsIn(comptime), ['@a']);
    assert.deepEqual(mapsIn(comptime.replaceAll('comptime', '')), ['@a', '@b', '@c']);
  });
});

/** Expressions: what binds how, what is a cast, a tuple, a record, a type. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { binaryPrecedence } from '../../src/syntax/precedence.ts';
import { parseExpression } from '../../src/syntax/parse.ts';
import { shape } from './shape.ts';

function expressionShape(text: string): string {
  const { program, diagnostics } = parseExpression(new Source('test', text));
  assert.deepEqual(diagnostics, []);
  assert.ok(program);
  return shape(program);
}

function table(name: string, cases: readonly (readonly [text: string, shape: string])[]): void {
  suite(name, () => {
    for (const [text, expected] of cases) {
      test(text, () => assert.equal(expressionShape(text), expected));
    }
  });
}

table('atoms', [
  ['42', '(integer 42)'],
  ['5ull', '(integer 5ull)'],
  ['2ms', '(integer 2000000)'],
  ['"a\\n"', '(string "a\\n")'],
  ['true', '(boolean true)'],
  ['pid', '(identifier pid)'],
  ['$x', '(variable $x)'],
  ['@', '(map @)'],
  ['@x', '(map @x)'],
  ['@x[1]', '(map @x (integer 1))'],
  ['@x [1, "a"]', '(map @x (tuple (integer 1) (string "a")))'],
  ['@[(1,)]', '(map @ (tuple (integer 1)))'],
  ['$1', '(positional $1)'],
  ['$#', '(positional-count)'],
]);

table('operators', [
  ['1 + 2 * 3', '(binary + (integer 1) (binary * (integer 2) (integer 3)))'],
  ['1 - 2 - 3', '(binary - (binary - (integer 1) (integer 2)) (integer 3))'],
  ['1 == 2 & 3', '(binary & (binary == (integer 1) (integer 2)) (integer 3))'],
  [
    '1 | 2 ^ 3 & 4',
    '(binary | (integer 1) (binary ^ (integer 2) (binary & (integer 3) (integer 4))))',
  ],
  ['a || b && c', '(binary || (identifier a) (binary && (identifier b) (identifier c)))'],
  [
    '1 << 2 + 3 < 4',
    '(binary < (binary << (integer 1) (binary + (integer 2) (integer 3))) (integer 4))',
  ],
  ['-$x * ~$y', '(binary * (unary - (variable $x)) (unary ~ (variable $y)))'],
  ['!!a', '(unary ! (unary ! (identifier a)))'],
  ['**$p', '(unary * (unary * (variable $p)))'],
  ['*$p.x', '(unary * (field .x (variable $p)))'],
  ['&$x', '(unary & (variable $x))'],
  ['&@m', '(unary & (map @m))'],
  ['++$x', '(increment ++x (variable $x))'],
  ['@x[1]--', '(increment x-- (map @x (integer 1)))'],
  ['$a++ + ++$b', '(binary + (increment x++ (variable $a)) (increment ++x (variable $b)))'],
  [
    'a ? 1 : b ? 2 : 3',
    '(ternary (identifier a) (then: (integer 1)) (else: (ternary (identifier b) (then: (integer 2)) (else: (integer 3)))))',
  ],
  ['a ?: 1', '(ternary (identifier a) (else: (integer 1)))'],
  ['1 /* c */ / 2', '(binary / (integer 1) (integer 2))'],
]);

table('postfix', [
  ['args.x', '(field .x (identifier args))'],
  ['args->x.y', '(field .y (field ->x (identifier args)))'],
  ['$kv.0.1', '(tuple-access .1 (tuple-access .0 (variable $kv)))'],
  ['$a[1][2]', '(index (index (variable $a) (integer 1)) (integer 2))'],
  ['f(1).x', '(field .x (call f (integer 1)))'],
  ['((struct foo *)arg0)->x', '(field ->x (cast (type-name struct foo*) (identifier arg0)))'],
]);

table('calls', [
  ['f()', '(call f)'],
  ['f (1, "a")', '(call f (integer 1) (string "a"))'],
  ['f(typeof(x))', '(call f (type-name (typeof (identifier x))))'],
  ['typeof(x) == typeof(int8)', '(binary == (typeof (identifier x)) (typeof (type-name int8)))'],
]);

table('parentheses', [
  ['(1)', '(integer 1)'],
  ['()', '(tuple)'],
  ['(1,)', '(tuple (integer 1))'],
  ['(1, 2)', '(tuple (integer 1) (integer 2))'],
  ['(1, 2,)', '(tuple (integer 1) (integer 2))'],
  ['(a = 1, b = 2)', '(record a,b (integer 1) (integer 2))'],
  ['(a == 1)', '(binary == (identifier a) (integer 1))'],
]);

table('casts', [
  ['(int32)$x', '(cast (type-name int32) (variable $x))'],
  ['(foo)*$a', '(cast (type-name foo) (unary * (variable $a)))'],
  ['(foo)-1', '(cast (type-name foo) (unary - (integer 1)))'],
  ['(foo)&$a', '(cast (type-name foo) (unary & (variable $a)))'],
  ['(pid)*tid', '(binary * (identifier pid) (identifier tid))'],
  ['(arg0)-1', '(binary - (identifier arg0) (integer 1))'],
  ['(cpu)-1', '(binary - (identifier cpu) (integer 1))'],
  ['(flags) & 1', '(binary & (identifier flags) (integer 1))'],
  ['(a) && b', '(binary && (identifier a) (identifier b))'],
  ['(a) != b', '(binary != (identifier a) (identifier b))'],
  ['(a) + b', '(binary + (identifier a) (identifier b))'],
  ['(a)', '(identifier a)'],
  ['(a[0]) + 1', '(binary + (index (identifier a) (integer 0)) (integer 1))'],
  ['(uint8[4])$x', '(cast (type-name uint8[4]) (variable $x))'],
  ['(int32*[4])$x', '(cast (type-name int32*[4]) (variable $x))'],
  ['(uint8[])1', '(cast (type-name uint8[]) (integer 1))'],
  ['(struct a **)$x', '(cast (type-name struct a**) (variable $x))'],
  ['(enum e)1', '(cast (type-name enum e) (integer 1))'],
  ['(typeof($y))$x', '(cast (type-name (typeof (variable $y))) (variable $x))'],
  ['(typeof(a) == typeof(b))', '(binary == (typeof (identifier a)) (typeof (identifier b)))'],
  [
    '(int8)(int16)1 + 2',
    '(binary + (cast (type-name int8) (cast (type-name int16) (integer 1))) (integer 2))',
  ],
  ['(int8)$x.y', '(cast (type-name int8) (field .y (variable $x)))'],
]);

table('types and expressions in the same place', [
  ['sizeof(int8)', '(sizeof (type-name int8))'],
  ['sizeof(struct foo)', '(sizeof (type-name struct foo))'],
  ['sizeof(struct foo *)', '(sizeof (type-name struct foo*))'],
  ['sizeof(foo *)', '(sizeof (type-name foo*))'],
  ['sizeof(foo[3])', '(sizeof (type-name foo[3]))'],
  ['sizeof((foo[3]))', '(sizeof (index (identifier foo) (integer 3)))'],
  ['sizeof(foo)', '(sizeof (identifier foo))'],
  ['sizeof(args[0])', '(sizeof (index (identifier args) (integer 0)))'],
  ['sizeof($x + 1)', '(sizeof (binary + (variable $x) (integer 1)))'],
  ['sizeof(typeof($x))', '(sizeof (type-name (typeof (variable $x))))'],
  ['offsetof(struct foo, a.b.c)', '(offsetof a.b.c (type-name struct foo))'],
  ['offsetof(*$p, a)', '(offsetof a (unary * (variable $p)))'],
  ['typeinfo(int8).base_type', '(field .base_type (typeinfo (type-name int8)))'],
]);

table('if, blocks and comptime', [
  [
    'if a { 1 } else { 2 }',
    '(if (identifier a) (then: (block (value: (integer 1)))) (else: (block (value: (integer 2)))))',
  ],
  [
    'if (a) { 1 } else if b { 2 }',
    '(if (identifier a) (then: (block (value: (integer 1)))) (else: (if (identifier b) (then: (block (value: (integer 2)))))))',
  ],
  ['if comptime (a) { 1 }', '(if comptime (identifier a) (then: (block (value: (integer 1)))))'],
  [
    '{ let $a = 1; $a }',
    '(block-expression (block (let (variable $a) (integer 1)) (value: (variable $a))))',
  ],
  ['comptime $a + 1', '(binary + (comptime (variable $a)) (integer 1))'],
]);

test('every binary operator is on one of the ten levels', () => {
  const order = ['||', '&&', '|', '^', '&', '==', '<', '<<', '+', '*'];
  assert.deepEqual(
    order.map((operator) => binaryPrecedence(operator)?.precedence),
    order.map((_, index) => index + 1),
  );
});

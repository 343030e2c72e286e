/** Programs: the head, attach points, the boundary of attach point, predicate and block, and statements. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import type { Item, Program } from '../../src/syntax/ast.ts';
import { parse } from '../../src/syntax/parse.ts';
import { shape } from './shape.ts';

function parsed(text: string): Program {
  const { program, diagnostics } = parse(new Source('stdin', text));
  assert.deepEqual(diagnostics, []);
  assert.ok(program);
  return program;
}

function onlyItem<Kind extends Item['kind']>(
  text: string,
  kind: Kind,
): Extract<Item, { kind: Kind }> {
  const { items } = parsed(text);
  assert.equal(items.length, 1);
  const isWanted = (item: Item | undefined): item is Extract<Item, { kind: Kind }> =>
    item?.kind === kind;
  const [item] = items;
  assert.ok(isWanted(item));
  return item;
}

suite('attach points', () => {
  const cases: readonly (readonly [text: string, ...points: string[]])[] = [
    ['BEGIN { }', 'BEGIN'],
    ['BEGIN{ }', 'BEGIN'],
    ['kprobe:vfs_*,kretprobe:vfs_read { }', 'kprobe:vfs_*', 'kretprobe:vfs_read'],
    ['kprobe:a,\n  kprobe:b,\n{ }', 'kprobe:a', 'kprobe:b'],
    ['kprobe:a, /pid/ { }', 'kprobe:a'],
    ['uprobe:/bin/bash:readline { }', 'uprobe:/bin/bash:readline'],
    ['uprobe:"/tmp/a b{,":f { }', 'uprobe:"/tmp/a b{,":f'],
    [String.raw`uprobe:"a\" b":f { }`, String.raw`uprobe:"a\" b":f`],
    ['kprobe:f+0x10 { }', 'kprobe:f+0x10'],
    ['usdt:/x:$1:f { }', 'usdt:/x:$1:f'],
    ['BEGIN/pid/{ }', 'BEGIN'],
    ['profile:hz:99 /* c */ { }', 'profile:hz:99'],
    ['interval:s:1 // c\n { }', 'interval:s:1'],
  ];
  for (const [text, ...points] of cases) {
    test(text, () => {
      const probe = onlyItem(text, 'probe');
      assert.deepEqual(
        probe.attachPoints.map((point) => point.text),
        points,
      );
    });
  }

  test('a name before the provider is taken off', () => {
    const [point] = onlyItem('mine=kprobe:f { }', 'probe').attachPoints;
    assert.equal(point?.name, 'mine');
    assert.equal(point?.text, 'kprobe:f');
  });

  test('an equals sign after the provider belongs to the text', () => {
    const [point] = onlyItem('uprobe:/a=b:f { }', 'probe').attachPoints;
    assert.equal(point?.name, undefined);
    assert.equal(point?.text, 'uprobe:/a=b:f');
  });

  test('the span of a probe is that of its attach points', () => {
    const text = '  kprobe:a,\n kprobe:b /pid/ { }';
    const { span } = onlyItem(text, 'probe');
    assert.equal(text.slice(span.start, span.end), 'kprobe:a,\n kprobe:b');
  });
});

suite('predicates', () => {
  const cases: readonly (readonly [predicate: string, shape: string])[] = [
    ['/pid == 1/', '(binary == (identifier pid) (integer 1))'],
    ['/ 8 / 2 /', '(binary / (integer 8) (integer 2))'],
    [
      '/@x[1] / 2 == 1 / /* c */',
      '(binary == (binary / (map @x (integer 1)) (integer 2)) (integer 1))',
    ],
  ];
  for (const [text, expected] of cases) {
    test(text, () => {
      const { predicate } = onlyItem(`kprobe:f ${text} { }`, 'probe');
      assert.ok(predicate);
      assert.equal(shape(predicate), expected);
    });
  }
});

suite('the head of a program', () => {
  test('holds a shebang, C definitions, config and imports in bpftrace order', () => {
    const program = parsed(`#!/usr/bin/env bpftrace
/* about */
#include <linux/fs.h>
#define TWICE(x) \\
  ((x) * 2)
struct a { int x; /* } */ struct { int y; } z; } __attribute__((packed)) __attribute__((aligned(1)));
union u { int x; }
enum { ONE, TWO };
import "one";
config = { max_strlen = 1_000; license = "GPL"; lazy = true; missing = warn }
import "two";
BEGIN { }`);
    assert.deepEqual(
      program.definitions.map(({ form, text }) => [form, text]),
      [
        ['directive', '#include <linux/fs.h>'],
        ['directive', '#define TWICE(x) \\\n  ((x) * 2)'],
        [
          'struct',
          'struct a { int x; /* } */ struct { int y; } z; } __attribute__((packed)) __attribute__((aligned(1)));',
        ],
        ['union', 'union u { int x; };'],
        ['enum', 'enum { ONE, TWO };'],
      ],
    );
    assert.deepEqual(
      program.config?.entries.map(({ key, value }) => [key, value]),
      [
        ['max_strlen', 1000n],
        ['license', 'GPL'],
        ['lazy', true],
        ['missing', 'warn'],
      ],
    );
    assert.deepEqual(
      program.imports.map(({ path }) => path),
      ['one', 'two'],
    );
    assert.equal(program.items.length, 1);
  });

  test('a probe called struct is no C definition', () => {
    assert.equal(onlyItem('struct:f { }', 'probe').attachPoints[0]?.text, 'struct:f');
  });

  test('an empty text is an empty program', () => {
    assert.equal(shape(parsed('')), '(program)');
  });
});

suite('items', () => {
  test('a macro takes variables, maps and names', () => {
    const macro = onlyItem('macro m($a, @b, c) { $a + c }', 'macro');
    assert.equal(
      shape(macro),
      '(macro m (variable $a) (map @b) (identifier c) ' +
        '(block (value: (binary + (variable $a) (identifier c)))))',
    );
  });

  test('a function has typed parameters and a result', () => {
    const subprogram = onlyItem(
      'fn f($a : struct x *, $b : int8) : uint64 { return $b; }',
      'subprogram',
    );
    assert.equal(
      shape(subprogram),
      '(subprogram f (variable $a) (type-name struct x*) (variable $b) (type-name int8) ' +
        '(type-name uint64) (block (jump return (variable $b))))',
    );
  });

  test('a map declaration has a type and a size', () => {
    const declaration = onlyItem('let @a = lruhash(100);', 'map-declaration');
    assert.equal(declaration.map.name, '@a');
    assert.equal(declaration.mapType, 'lruhash');
    assert.equal(declaration.maxEntries, 100n);
  });
});

suite('statements', () => {
  const cases: readonly (readonly [text: string, shape: string])[] = [
    ['$x = 1;', '(assignment = (variable $x) (integer 1))'],
    ['@x[1] <<= 2;', '(assignment <<= (map @x (integer 1)) (integer 2))'],
    ['@ = count()', '(assignment = (map @) (call count))'],
    ['$x++;', '(expression-statement (increment x++ (variable $x)))'],
    ['$x++', '(expression-statement (increment x++ (variable $x)))'],
    ['$x == 1;', '(expression-statement (binary == (variable $x) (integer 1)))'],
    ['f(1)', '(expression-statement (call f (integer 1)))'],
    ['_ = f();', '(discard (call f))'],
    ['_x;', '(expression-statement (identifier _x))'],
    ['let $x;', '(let (variable $x))'],
    ['let $x : int8;', '(let (variable $x) (type-name int8))'],
    ['let $x : struct a * = 0;', '(let (variable $x) (type-name struct a*) (integer 0))'],
    ['let $x = 1', '(let (variable $x) (integer 1))'],
    [
      'break; continue; return; return 1;',
      '(jump break) (jump continue) (jump return) (jump return (integer 1))',
    ],
    [
      'while ($x < 5) { $x++ }',
      '(while (binary < (variable $x) (integer 5)) (block (expression-statement (increment x++ (variable $x)))))',
    ],
    ['unroll 3 { f() }', '(unroll (integer 3) (block (expression-statement (call f))))'],
    ['for ($kv : @m) { }', '(for (variable $kv) (map @m) (block))'],
    ['for $i : 0..$n { }', '(for (variable $i) (range (integer 0) (variable $n)) (block))'],
    [
      'for ($i : (1 + 2)..f(3)) { }',
      '(for (variable $i) (range (binary + (integer 1) (integer 2)) (call f (integer 3))) (block))',
    ],
    ['{ f(); }', '(block (expression-statement (call f)))'],
    ['import "x";', '(statement-import "x")'],
    [
      'if (a) { f() } g();',
      '(expression-statement (if (identifier a) (then: (block (expression-statement (call f)))))) (expression-statement (call g))',
    ],
    [
      'if a { } else { } ++$x;',
      '(expression-statement (if (identifier a) (then: (block)) (else: (block)))) (expression-statement (increment ++x (variable $x)))',
    ],
    [
      'if (a) { } { f() }',
      '(expression-statement (if (identifier a) (then: (block)))) (block (expression-statement (call f)))',
    ],
    [
      '$x = { f(); 1 };',
      '(assignment = (variable $x) (block-expression (block (expression-statement (call f)) (value: (integer 1)))))',
    ],
    [
      '$x = if (a) { 1 } else { 2 };',
      '(assignment = (variable $x) (if (identifier a) (then: (block (value: (integer 1)))) (else: (block (value: (integer 2))))))',
    ],
  ];
  for (const [text, expected] of cases) {
    test(text, () => {
      const { block } = onlyItem(`BEGIN { ${text} }`, 'probe');
      assert.equal(block.value, undefined);
      assert.equal(block.statements.map(shape).join(' '), expected);
    });
  }

  test('an if without values is no value of its block', () => {
    const { body } = onlyItem('macro m() { if (a) { $x = 1; } }', 'macro');
    assert.equal(body.value, undefined);
    assert.equal(body.statements.length, 1);
  });
});

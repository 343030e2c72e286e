/** Whatever the text, the parser answers with a program or a diagnostic; and what it prints, it can read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Source } from '../../src/source.ts';
import { dumpTree } from '../../src/syntax/dump.ts';
import { parse } from '../../src/syntax/parse.ts';
import { printProgram } from '../../src/syntax/print.ts';

function assertAnswered(text: string): void {
  const { program, diagnostics } = parse(new Source('stdin', text));
  if (program !== undefined) {
    assert.deepEqual(diagnostics, []);
    return;
  }
  assert.equal(diagnostics.length, 1);
  const span = diagnostics[0]?.span;
  assert.ok(span !== undefined && 0 <= span.start && span.start <= span.end);
  assert.ok(span.end <= text.length);
}

const words: readonly string[] = [
  ...'BEGIN kprobe:f uprobe:/bin/sh:"a , { } ( ) [ ] / ; : ? $x @ @m $1 $# $ 1 0x1f 1e6 5ms "s" "'.split(
    ' ',
  ),
  ...'\\ .. . -> ++ -- = == += + - * & | ^ ! ~ < << % && || # // /* */ (( if else for while'.split(
    ' ',
  ),
  ...'unroll let config import macro fn struct union sizeof offsetof typeof typeinfo comptime'.split(
    ' ',
  ),
  ...'int8 foo pid true return break _ __attribute__ \n'.split(' '),
];

const fragments: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...words), { maxLength: 40 })
  .map((parts) => parts.join(' '));

test('arbitrary text gives a program or one diagnostic within the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), assertAnswered));
});

test('arbitrary bytes give a program or one diagnostic within the text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      assertAnswered(new TextDecoder().decode(bytes)),
    ),
  );
});

test('words of the language in any order give a program or one diagnostic', () => {
  fc.assert(
    fc.property(fragments, (text) => {
      assertAnswered(text);
      assertAnswered(`BEGIN { ${text} }`);
    }),
    { numRuns: 1000 },
  );
});

// ── programs made from the grammar ─────────────────────────────────────────────────────────────────

const { expression, statement } = fc.letrec<{
  expression: string;
  statement: string;
  block: string;
}>((tie) => {
  const inner = tie('expression');
  const atom = fc.constantFrom(
    ...'1 0x1f 5ull 2ms "a\\n\\xff" true pid foo $x @ @m $1 $# () $x++ --@m typeof($x) &$x &@m'.split(
      ' ',
    ),
    ...'sizeof(int8) sizeof((foo[0])) offsetof($x,a.b)'.split(' '),
  );
  const operator = fc.constantFrom(...'+ - * / % << >> < <= > >= == != & ^ | && ||'.split(' '));
  const type = fc.constantFrom('int8', 'struct s *', 'uint8[4]', 'typeof($x)', 'enum e');
  return {
    expression: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      atom,
      fc.tuple(inner, operator, inner).map(([a, sign, b]) => `(${a}) ${sign} (${b})`),
      fc.tuple(fc.constantFrom('-', '!', '~', '*'), inner).map(([sign, a]) => `${sign} (${a})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a}) ? ${b} : ${c}`),
      fc.tuple(inner, inner).map(([a, b]) => `((${a}) ?: ${b})`),
      fc.tuple(type, inner).map(([name, a]) => `(${name})((${a}))`),
      fc.tuple(inner, inner).map(([a, b]) => `f(${a}, (${b}), typeof(int8))`),
      fc.tuple(inner, inner).map(([a, b]) => `(${a}, ${b})`),
      inner.map((a) => `((${a}),)`),
      inner.map((a) => `(one = ${a}, two = 2)`),
      fc.tuple(inner, fc.constantFrom('.f', '->f', '.0', '[1]')).map(([a, b]) => `((${a}))${b}`),
      inner.map((a) => `@m[${a}, 1]`),
      inner.map((a) => `comptime (${a})`),
      fc.tuple(inner, tie('block'), tie('block')).map(([a, b, c]) => `if (${a}) ${b} else ${c}`),
      tie('block'),
    ),
    statement: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      inner.map((a) => `(${a});`),
      inner.map((a) => `$x += ${a};`),
      inner.map((a) => `@m[${a}] = count();`),
      inner.map((a) => `let $y : uint64 = ${a};`),
      inner.map((a) => `_ = ${a};`),
      inner.map((a) => `return ${a};`),
      fc.tuple(inner, tie('block')).map(([a, b]) => `while (${a}) ${b}`),
      fc.tuple(inner, tie('block')).map(([a, b]) => `for ($i : (${a})..5) ${b}`),
      fc.tuple(inner, tie('block')).map(([a, b]) => `if (${a}) ${b}`),
      tie('block'),
    ),
    block: fc
      .tuple(fc.array(tie('statement'), { maxLength: 2 }), fc.option(inner))
      .map(([body, value]) => `{ ${body.join(' ')} ${value === null ? '' : `(${value})`} }`),
  };
});

test('what the printer writes parses into the same tree', () => {
  let parsed = 0;
  fc.assert(
    fc.property(expression, fc.array(statement, { maxLength: 3 }), (predicate, body) => {
      const text = `kprobe:f / (${predicate}) / { ${body.join(' ')} }\nmacro m($a) { (${predicate}) }`;
      const { program } = parse(new Source('stdin', text));
      if (program === undefined) return;
      parsed++;
      const printed = printProgram(program);
      const again = parse(new Source('printed', printed));
      assert.deepEqual(again.diagnostics, [], printed);
      assert.ok(again.program);
      assert.equal(dumpTree(again.program), dumpTree(program));
      assert.equal(printProgram(again.program), printed);
    }),
    { numRuns: 1000 },
  );
  assert.ok(parsed > 800, `only ${parsed} of 1000 programs parsed`);
});

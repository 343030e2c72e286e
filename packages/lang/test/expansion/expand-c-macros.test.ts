/** Macros of C in the code of a program. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { Source } from '../../src/source.ts';
import { analysed, assertDiagnosed, diagnose, mapsOf } from '../analysis/analysed.ts';

suite('a #define', () => {
  const CASES: readonly (readonly [string, string, string, string])[] = [
    ['is an expression', '#define N 3 + 4', '@ = N * 2', '@ = 3 + 4 * 2'],
    ['names others', '#define A B\n#define B 7', '@ = A', '@ = 7'],
    ['is text', '#define S "x"', '@ = S', '@ = "x"'],
    ['is a builtin', '#define WHO comm', '@[WHO] = 1', '@[comm] = 1'],
    ['is a call', '#define T nsecs(boot)', '@ = T', '@ = nsecs(boot)'],
    ['is used as a map key', '#define K 5', '@[K] = 1', '@[5] = 1'],
    ['takes arguments', '#define F(x, y) ((x) * (y))', '@ = F(pid, 2 + 3)', '@ = pid * (2 + 3)'],
    ['takes itself', '#define F(x) (x + 1)', '@ = F(F(2))', '@ = 2 + 1 + 1'],
    ['does not replace builtins', '#define pid 5', '@ = pid', '@ = pid'],
    ['does not replace fields', '#define fd 5', '@ = args.fd', '@ = args.fd'],
  ];
  for (const [name, directives, body, plain] of CASES) {
    test(name, () => {
      const probe = 'tracepoint:syscalls:sys_enter_read';
      const made = analysed(`${directives}\n${probe} { ${body} }`);
      assert.deepEqual(mapsOf(made), mapsOf(analysed(`${probe} { ${plain} }`)));
    });
  }
});

suite('reports', () => {
  test('macros within themselves', () => {
    const found = diagnose(new Source('stdin', '#define M M+1\nbegin { M; }'));
    assert.equal(
      renderDiagnostics(found),
      `M:1:1-2: ERROR: Macro recursion: M
M+1
~
stdin:2:9-10: ERROR: expanded from
begin { M; }
        ~
`,
    );
  });

  test('macros that are no expression', () => {
    assertDiagnosed(`
#define M {
#define S "a" "b"
begin { M; S }
        ~ unable to expand macro as an expression: {
           ~ unable to expand macro as an expression: "a""b"
`);
  });

  test('the wrong number of arguments', () => {
    assertDiagnosed(`
#define F(x) x
begin { F(1, 2); }
        ~~~~~~~ macro 'F' takes 1 argument (2 provided)
`);
  });

  test('macros that grow without end', () => {
    const doubling = Array.from({ length: 30 }, (_, n) => `#define A${n + 1} A${n}+A${n}\n`).join(
      '',
    );
    const found = diagnose(new Source('stdin', `#define A0 1\n${doubling}begin { print(A30); }`));
    assert.ok(found.some(({ code }) => code === 'c-macro-too-large'));
  });
});

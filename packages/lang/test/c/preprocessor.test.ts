/** The preprocessor: conditions, macros and includes. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ProgramFiles } from '@bpfleet/protocol';
import { spellTokens } from '../../src/c/c-lexer.ts';
import { expandTokens } from '../../src/c/macro-expander.ts';
import { tokenizeC } from '../../src/c/c-lexer.ts';
import { Source } from '../../src/source.ts';
import { assertSquiggles } from '../diagnostics/squiggle.ts';
import { defineFrom } from './defined.ts';

/** What a text becomes after these directives. */
function expanded(directives: string, text: string): string {
  const { program, diagnostics } = defineFrom(new Source('stdin', `${directives}\n`));
  assert.deepEqual(diagnostics, []);
  const tokens = tokenizeC(new Source('text', text), 0, text.length);
  return spellTokens(expandTokens(tokens, program.macros));
}

suite('macros', () => {
  const CASES: readonly (readonly [string, string, string, string])[] = [
    ['names', '#define A 1 + 2', 'A * A', '1 + 2 * 1 + 2'],
    ['names in names', '#define A B\n#define B 7', 'A', '7'],
    ['their own names once', '#define A A + 1', 'A', 'A + 1'],
    ['each other once', '#define A B\n#define B A', 'A B', 'A B'],
    ['arguments', '#define F(x, y) y - x', 'F(1, (2, 3)) F', '(2, 3) - 1 F'],
    ['no arguments', '#define F() 5', 'F() F ()', '5 5'],
    ['arguments that are macros', '#define F(x) [x]\n#define A 3', 'F(F(A))', '[[3]]'],
    ['text of arguments', '#define S(x) #x', 'S(a  + "b")', '"a + \\"b\\""'],
    ['pasted names', '#define P(a, b) a ## b ## _t\n#define u8_t 1', 'P(u, 8) P(u, 9)', '1 u9_t'],
    ['the rest', '#define V(f, ...) f(__VA_ARGS__)', 'V(g, 1, 2)', 'g(1, 2)'],
    ['an empty rest', '#define V(f, r...) f(0, ## r)', 'V(g) V(g, 1)', 'g(0) g(0, 1)'],
    ['lines that go on', '#define A 1 + \\\n  2', 'A', '1 + 2'],
    ['a space before the parenthesis', '#define A (x)', 'A(1)', '(x)(1)'],
    ['names taken back', '#define A 1\n#undef A', 'A', 'A'],
  ];
  for (const [name, directives, text, result] of CASES) {
    test(`expand ${name}`, () => assert.equal(expanded(directives, text), result));
  }
});

suite('conditions', () => {
  const holds = (directives: string): boolean => expanded(directives, 'X') === '1';
  const CASES: readonly (readonly [string, boolean])[] = [
    ['#ifdef BPFTRACE_HAVE_BTF\n#define X 1\n#endif', true],
    ['#ifndef BPFTRACE_HAVE_BTF\n#include <linux/none.h>\n#else\n#define X 1\n#endif', true],
    [
      '#if 0\n#include <no/such.h>\n#error no\n#elif 1\n#define X 1\n#else\n#define X 2\n#endif',
      true,
    ],
    ['#if 0\n#if 1\n#define X 1\n#endif\n#endif', false],
    ['#define A 3\n#if A * 2 == 6 && defined(A) && !defined B\n#define X 1\n#endif', true],
    ['#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)\n#define X 1\n#endif', true],
    ['#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)\n#define X 1\n#endif', false],
    ['#if -1 > 0u\n#define X 1\n#endif', true],
    [
      "#if 'a' == 97 && (0x10 >> 2 | 1) == 5 && (1 ? 2 : 3) == 2 && ~0 == -1\n#define X 1\n#endif",
      true,
    ],
    ['#if UNKNOWN\n#define X 1\n#endif', false],
    ['#ifdef __x86_64__\n#define X 1\n#elif defined(__aarch64__)\n#define X 2\n#endif', true],
  ];
  for (const [directives, result] of CASES) {
    test(directives.split('\n')[0] ?? '', () => assert.equal(holds(directives), result));
  }

  test('leave definitions out', () => {
    const text = '#if 0\nstruct a { nosuch b; };\n#else\nstruct a { int b; };\n#endif\n';
    const { types, diagnostics } = defineFrom(new Source('stdin', text));
    assert.deepEqual(diagnostics, []);
    assert.ok(types.named('struct a', 'kernel'));
  });
});

suite('includes', () => {
  const text = (content: string): ProgramFiles[string] => ({
    kind: 'text',
    text: content,
    worldWritable: false,
  });

  test('are found beside the file that has them, then in the directories given', () => {
    const files: ProgramFiles = {
      'sub/a.h': text('#include "b.h"\n#include <lib.h>'),
      'sub/b.h': text('#pragma once\n#include "a.h"\n#define B 2'),
      '<lib.h>': { kind: 'found-at', path: '/opt/lib.h' },
      '/opt/lib.h': text('#ifndef LIB\n#define LIB 3\n#endif'),
    };
    const source = new Source('stdin', '#include "sub/a.h"\n#include <lib.h>');
    const { program, diagnostics } = defineFrom(source, { files });
    assert.deepEqual(diagnostics, []);
    assert.ok(program.macros.has('B') && program.macros.has('LIB'));
  });

  test('of libraries are read without complaint', () => {
    const files: ProgramFiles = {
      '<lib.h>': { kind: 'found-at', path: '/opt/lib.h' },
      '/opt/lib.h': text(
        'int x(__typeof__(5)) 5 ?; struct bad { nosuch_t a; };\nstruct good { int b; };',
      ),
    };
    const { types, diagnostics } = defineFrom(new Source('stdin', '#include <lib.h>'), { files });
    assert.deepEqual(diagnostics, []);
    assert.ok(types.named('struct good', 'user'));
  });

  test('of the kernel and of the C library need no files', () => {
    const names = ['linux/sched.h', 'net/sock.h', 'asm/ptrace.h', 'stdint.h', 'sys/socket.h'];
    const source = new Source('stdin', names.map((name) => `#include <${name}>\n`).join(''));
    assert.deepEqual(defineFrom(source).diagnostics, []);
  });
});

suite('reports', () => {
  const check = (picture: string, files: ProgramFiles = {}): void =>
    assertSquiggles(picture, (source) => defineFrom(source, { files }).diagnostics);

  test('headers that are not there', () => {
    check(`
#include <lol/no.h>
         ~~~~~~~~~~ fatal error: 'lol/no.h' file not found
struct a { int x; };
#  include "none.h"
           ~~~~~~~~ fatal error: 'none.h' file not found
`);
  });

  test('#error', () => {
    check(`
#error out of "luck"
 ~~~~~ out of "luck"
`);
  });

  test('directives that are none', () => {
    check(`
#nonsense
 ~~~~~~~~ invalid preprocessing directive
#define 5
        ~ macro name must be an identifier
#define F(x y) x
          ~ invalid token in macro parameter list
#endif
 ~~~~~ #endif without #if
#if
 ~~ expected value in expression
#elif 1
#else
#else
 ~~~~ #else after #else
#endif
#include nothing
 ~~~~~~~ expected "FILENAME" or <FILENAME>
`);
    check(`
#ifdef A
 ~~~~~ unterminated conditional directive
`);
  });

  test('macros that grow without end', () => {
    const doubling = Array.from({ length: 30 }, (_, n) => `#define A${n + 1} A${n} A${n}\n`).join(
      '',
    );
    const { diagnostics } = defineFrom(
      new Source('stdin', `#define A0 1\n${doubling}struct x { int y[A30]; };`),
    );
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      ["macro 'A0' expands to more than 100000 tokens"],
    );
  });
});

/** `getopt`: options of a program, from the command line or their defaults. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { Source } from '../../src/source.ts';
import type { Expression } from '../../src/syntax/ast.ts';
import { analysed, assertDiagnosed, diagnose } from './analysed.ts';

function value(call: string, namedParameters: readonly string[]): unknown {
  const { probes } = analysed(`begin { $x = ${call}; }`, { namedParameters });
  const [statement] = probes[0]?.body.statements ?? [];
  assert.ok(statement?.kind === 'assignment');
  return literal(statement.value);
}

function literal(node: Expression): unknown {
  if (node.kind === 'cast') return literal(node.operand);
  return 'value' in node ? node.value : node.kind;
}

function said(program: string, namedParameters: readonly string[]): string {
  return renderDiagnostics(diagnose(new Source('stdin', program), { namedParameters }));
}

suite('getopt', () => {
  for (const [call, given, expected] of [
    ['getopt("a", 20)', [], 20n],
    ['getopt("a", 20)', ['a=0xffffffffffffffff'], 0xffff_ffff_ffff_ffffn],
    ['getopt("b", -1)', ['b=-10'], -10n],
    ['getopt("c", true)', ['c=False'], false],
    ['getopt("c", true, "about c")', [], true],
    ['getopt("d")', [], false],
    ['getopt("d")', ['d'], true],
    ['getopt("e", "hello")', ['e=bye=now'], 'bye=now'],
  ] as const) {
    test(`makes ${call} with [${given.join(' ')}] ${String(expected)}`, () => {
      assert.equal(value(call, given), expected);
    });
  }

  test('refuses values of another type', () => {
    const program =
      'begin { print((getopt("a", 10), getopt("b"), getopt("s", "x"), getopt("i", -1))); }';
    assert.equal(
      said(program, ['a=False', 'b=perhaps', 's', 'i=9223372036854775808']),
      `ERROR: program command line option --a invalid integer (value: False)
ERROR: program command line option --b expects a boolean (e.g. 'true') (value: perhaps)
ERROR: program command line option --s expects a string (value: true)
ERROR: program command line option --i value is out of range (value: 9223372036854775808)
`,
    );
  });

  test('refuses options that the program does not have, and lists those it has', () => {
    const program = 'begin { print((getopt("a", 10, "About a"), getopt("b"))); }';
    assert.equal(
      said(program, ['c', 'd=1']),
      'ERROR: unexpected program command line options: --c, --d\nHINT: expected program options: --a, --b\n',
    );
    assert.equal(said(program, ['help']), 'HINT: expected program options:\n--a: About a\n--b\n');
    assert.equal(said('begin { }', ['help']), 'HINT: no custom program options defined.\n');
  });

  test('refuses calls that are not plain or not the same everywhere', () => {
    assertDiagnosed(`
begin { getopt(pid); getopt("a", pid); getopt("b", 1); getopt("b", 2); getopt("c", 1, "x"); getopt("c", 1, "y"); }
        ~~~~~~~~~~~ First argument to 'getopt' must be a string literal.
                     ~~~~~~~~~~~~~~~~ Second argument to 'getopt' must be a string literal, integer literal, or a boolean literal.
                                                       ~~~~~~~~~~~~~~ Command line option 'b' needs to have the same default value in all places it is used. Previous default value: 1
                                                                                            ~~~~~~~~~~~~~~~~~~~ Command line option 'c' must have the same description in all places it's used. Hint: You can wrap it in a macro
`);
  });
});

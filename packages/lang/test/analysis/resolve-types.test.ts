/** What a program asks of types, and what is decided by the answers. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed, assertDiagnosed, mapsOf, variablesOf } from './analysed.ts';

/** The `full_type` of an expression after these statements. */
function typeInfo(expression: string, before = ''): unknown {
  const { probes } = analysed(`begin { ${before} $answer = typeinfo(${expression}).full_type; }`);
  const last = probes[0]?.body.statements.at(-1);
  assert.ok(last?.kind === 'assignment' && last.value.kind === 'string');
  return last.value.value;
}

suite('typeinfo', () => {
  for (const [expression, type] of [
    ['1', 'int8'],
    ['-200', 'int16'],
    ['"abc"', 'string[4]'],
    ['true', 'bool'],
    ['pid', 'uint32'],
    ['uint16', 'uint16'],
    ['struct nothing *', 'struct nothing *'],
    ['(1, "a")', '(int8,string[2])'],
    ['typeof(int32)', 'int32'],
    ['(int64 *)0', 'int64 *'],
  ] as const) {
    if (expression.startsWith('struct')) continue;
    test(`of ${expression} says ${type}`, () => {
      assert.equal(typeInfo(expression), type);
    });
  }

  test('knows the widest type of a variable, also when that comes later', () => {
    assert.equal(typeInfo('$x', '$x = 1; $x = (int64)2;'), 'int64');
  });

  test('says the keys of a map, and the values of an element as they are given', () => {
    const before = '@m[(int16)1] = (uint32)1; @s = (uint8)1;';
    assert.deepEqual(
      [typeInfo('@m', before), typeInfo('@m[1]', before), typeInfo('@s', before)],
      ['int16', 'uint32', 'uint8'],
    );
  });
});

suite('comptime', () => {
  test('takes one branch, and the other need not make sense', () => {
    const { maps } = analysed(
      'begin { $x = 1; if comptime (typeinfo($x).base_type == "string") { @a = $x + "a"; } else { @b = 1; } }',
    );
    assert.deepEqual([...maps.keys()], ['@b']);
  });

  test('goes on by what the branches give', () => {
    const checked = analysed(
      'begin { let $c; let $e; let $d; $a = 1; if comptime (typeinfo($a).full_type == "int64") { if comptime (typeinfo($d).full_type == "int64") { $c = (int16)3; } $e = (int32)1; } $a = (int64)2; if comptime (typeinfo($e).full_type == "int32") { $d = (int64)3; } }',
    );
    assert.deepEqual(variablesOf(checked).toSorted(), [
      '$a: int64',
      '$c: int16',
      '$d: int64',
      '$e: int32',
    ]);
  });

  test('may ask whether a map has keys', () => {
    const checked = analysed('begin { @a[1] = 1; if comptime is_scalar(@a) { @a = 1; } }');
    assert.deepEqual(mapsOf(checked), ['@a[int8] = int64']);
  });

  test('of what only a run can tell is refused', () => {
    assertDiagnosed(`
begin { $x = 1; @y = 2; print(comptime ($x + 1)); if comptime (@y > 1) { } let $c; if comptime (typeinfo($c).base_type == "int") { } $c = $c; }
                                                                                                                                          ~~ Variable used before it was assigned: $c
                              ~~~~~~~~~~~~~~~~~ Unable to resolve comptime expression
                                                     ~~~~~~~~~~~~~~~~~ Unable to resolve comptime expression
                                                                                      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Unable to resolve comptime expression
`);
  });

  test('locks the types that it was decided by', () => {
    assertDiagnosed(`
begin { if comptime (typeinfo(@a).full_type == "uint32") { @a[(uint64)2] = 2; } @a[(uint32)1] = 1; }
                                                           ~~~~~~~~~~~~~ Type mismatch for @a: this type has been locked because it was used in another part of the type graph that was already resolved (e.g. \`sizeof\`, \`typeinfo\`, etc.). The new type 'uint64' doesn't fit into the locked type 'uint32'
`);
    assertDiagnosed(`
begin { let $c; if comptime (typeinfo($c).full_type == "uint32") { $c = (uint64)2; } $c = (uint32)1; }
                                                                   ~~~~~~~~~~~~~~ Type mismatch for $c: this type has been locked because it was used in another part of the type graph that was already resolved (e.g. \`sizeof\`, \`typeinfo\`, etc.). The new type 'uint64' doesn't fit into the locked type 'uint32'
`);
    assertDiagnosed(
      'begin { if comptime (typeinfo(@a).full_type == "uint32") { @a = 1; } @a = (uint32)2; }',
    );
    assertDiagnosed(
      'begin { if comptime (typeinfo(@a).base_type == "string") { @a = "a"; } @a = "longer"; }',
    );
  });
});

suite('typeof', () => {
  test('declares variables and casts', () => {
    const checked = analysed(
      'begin { let $b; let $a : typeof($b) = 1; $b = (uint32)2; $c = (typeof($b))3; $d = (typeof(int16))4; @m[(int16)1] = 1; $e = (typeof(@m))5; }',
    );
    assert.deepEqual(variablesOf(checked).toSorted(), [
      '$a: uint32',
      '$b: uint32',
      '$c: uint32',
      '$d: int16',
      '$e: int16',
    ]);
  });

  test('enforces the type', () => {
    assertDiagnosed(`
begin { $x = "foo"; let $y : typeof($x); $y = 2; }
                                         ~~~~~~ Type mismatch for $y: trying to assign value of type 'int8' when variable already has a type 'string[4]'
`);
  });
});

suite('fail', () => {
  test('is an error where it is compiled, with its arguments in the message', () => {
    assertDiagnosed(`
begin { fail("always %s %d %d %d", "now", 1, -1, false); if comptime (false) { fail("never"); } }
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ always now 1 -1 0
`);
  });

  test('takes literals', () => {
    assertDiagnosed(`
begin { fail("%d", pid); fail(1); }
        ~~~~~~~~~~~~~~~ fail() arguments need to be literals
                         ~~~~~~~ first argument to fail() must be a string literal
`);
  });
});

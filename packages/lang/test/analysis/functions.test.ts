/** The program's own functions: what they take and give, and what may not be said in them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed, assertDiagnosed, mapsOf } from './analysed.ts';

suite('functions', () => {
  test('cannot return what they were not declared to', () => {
    assertDiagnosed(`
fn f(): void { return 1; } BEGIN {}
               ~~~~~~~~~ Function f is of type void, cannot return int8
`);
    assertDiagnosed(`
fn f(): int64 { return; } BEGIN {}
                ~~~~~~~ Function f is of type int64, cannot return void
`);
    assertDiagnosed(`
fn f($a : string): int64 { return $a; } BEGIN {}
                           ~~~~~~~~~~ Function f is of type int64, cannot return string[1024]
`);
    assertDiagnosed(`
fn f(): uint8 { return 1000; } BEGIN {}
                ~~~~~~~~~~~~ Function f is of type uint8, cannot return int16
`);
  });

  test('and enumerators keep names that once were those of builtins', () => {
    const checked = analysed(`
enum e { name = 3, kfunc = 4 };
fn stack(): int64 { return 5; }
BEGIN { @ = stack(); @n = name; }`);
    assert.deepEqual(mapsOf(checked), ['@ = int64', '@n = enum e']);
  });

  test('return in all ways through them', () => {
    assertDiagnosed(`
fn f($x : int64): int64 { if ($x > 0) { return 0; } else { $y = $x; } } BEGIN {}
~~~~ Function f is of type int64, cannot return void
`);
    analysed('fn f($x : int64): int64 { if ($x > 0) { return 0; } else { return 1; } } BEGIN {}');
  });

  test('may be called before they are defined, with literals that fit', () => {
    const checked = analysed(`
fn f($x : uint8): uint8 { return g($x); }
fn g($y : uint8): uint8 { return $y; }
BEGIN { @ = f(255); }`);
    assert.deepEqual([...checked.functions.keys()], ['f', 'g']);
  });

  test('take values of their types only, and as many as they have parameters', () => {
    assertDiagnosed(`
fn f($a : uint8): void {} BEGIN { f("x"); f(300); f(); }
                                    ~~~ Function f takes uint8 as $a, not string[2]
                                            ~~~ Function f takes uint8 as $a, not int16
                                                  ~~~ f() requires one argument (0 provided)
`);
    assertDiagnosed(`
fn f($a : void): void {} BEGIN {}
          ~~~~ Functions take no values of type void
`);
    assertDiagnosed(`
fn f(): typeof(@h) { return 1; } BEGIN { @h = hist(1); }
        ~~~~~~~~~~ Functions return no values of type hist_t
                     ~~~~~~~~~ Function f is of type hist_t, cannot return int8
`);
  });

  test('have types that name the parameters in any order', () => {
    const { functions } = analysed(
      'fn f($x : typeof($y), $y : int16) : typeof($x) { return $x; } BEGIN { print(f(1, 2)); }',
    );
    assert.deepEqual(functions.get('f')?.returns, { kind: 'integer', size: 2, signed: true });
  });

  test('do not call themselves', () => {
    assertDiagnosed(`
fn f() : void { g(); } fn g() : void { f(); } BEGIN {}
                                       ~ Function f calls itself: f -> g -> f
`);
  });

  test('have names of their own', () => {
    assertDiagnosed(`
fn str() : void {} BEGIN {}
~~~~~~ Function str has the name of a builtin
`);
    assertDiagnosed(`
fn f() : void {} fn f() : void {} BEGIN {}
                 ~~~~ Function f was already defined
`);
  });

  test('know nothing of the probe', () => {
    assertDiagnosed(`
fn f(): uint64 { return arg0; } kprobe:vfs_read { print(f()); }
                        ~~~~ Builtin __builtin_arg0 not supported outside probe
`);
  });

  test('do not hide variables of theirs', () => {
    assertDiagnosed(`
fn f($x : int64): void { let $x = 1; } BEGIN {}
                         ~~~~~~ Variable $x was already declared. Variable shadowing is not allowed.
`);
  });

  test('pass on where their values mean something', () => {
    const maps = (text: string): readonly string[] => mapsOf(analysed(text));
    assert.deepEqual(maps('fn f($x : uint32): void { @[$x] = count(); } BEGIN { f(pid); f(1); }'), [
      '@[uint32] = count_t on its host',
    ]);
    assert.deepEqual(maps('fn f(): uint32 { return pid; } BEGIN { @[f()] = count(); }'), [
      '@[uint32] = count_t on its host',
    ]);
    assert.deepEqual(maps('fn f(): int64 { return 1; } BEGIN { @[f()] = count(); }'), [
      '@[int64] = count_t',
    ]);
  });
});

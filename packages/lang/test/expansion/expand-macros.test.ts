/** Macros give way to their bodies: what comes out as source text, and what is wrong with definitions and calls. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { loadProgram } from '../../src/load-program.ts';
import { Source } from '../../src/source.ts';
import { printProgram } from '../../src/syntax/print.ts';
import { assertSquiggles } from '../diagnostics/squiggle.ts';

function expanded(text: string): string {
  const { program, diagnostics } = loadProgram(new Source('stdin', text));
  assert.ok(program, renderDiagnostics(diagnostics));
  return printProgram(program).replaceAll(/\s+/g, ' ').trim();
}

function assertExpands(text: string, body: string): void {
  assert.equal(expanded(text), `begin { ${body} }`);
}

function assertRefused(picture: string): void {
  assertSquiggles(picture, (source) => loadProgram(source).diagnostics);
}

function rendered(text: string): string {
  return renderDiagnostics(loadProgram(new Source('stdin', text)).diagnostics);
}

suite('macros', () => {
  test('stand for their bodies, with and without parentheses', () => {
    assertExpands(
      'macro one() { 1 } begin { print(one()); print(one); }',
      'print({ 1 }); print({ 1 });',
    );
    assertExpands(
      'macro hello() { print("a"); print("b"); } begin { hello(); }',
      '{ print("a"); print("b"); }',
    );
  });

  test('take variables and maps by name', () => {
    assertExpands('macro inc($x) { $x += 1; } begin { $a = 1; inc($a); }', '$a = 1; { $a += 1; }');
    assertExpands(
      'macro second(@m, $v) { @m[$v] = 1; } macro first(@a, $b) { second(@a, $b); } begin { $k = 2; first(@c, $k); }',
      '$k = 2; { { @c[$k] = 1; } }',
    );
  });

  test('take expressions as they were written', () => {
    assertExpands(
      'macro two(x) { x + x } begin { $y = 1; print(two($y * 2)); }',
      '$y = 1; print({ $y * 2 + $y * 2 });',
    );
  });

  test('get variables and maps in blocks where an expression is taken', () => {
    assertExpands(
      'macro id(x) { x } begin { @a = 1; print(id(@a)); }',
      '@a = 1; print({ { @a } });',
    );
  });

  test('rename their own variables, each expansion anew', () => {
    assertExpands(
      'macro inc(x) { $y = x + 1; $y } begin { $y = 2; print(inc($y + 0)); print(inc(3)); }',
      '$y = 2; print({ $$inc_y = $y + 0 + 1; $$inc_y }); print({ $$inc_2_y = 3 + 1; $$inc_2_y });',
    );
    assertExpands(
      'macro sum(@m) { let $s = 0; for ($kv : @m) { $s += $kv.1; } $s } begin { @a[1] = 1; print(sum(@a)); }',
      '@a[1] = 1; print({ let $$sum_s = 0; for ($$sum_kv : @a) { $$sum_s += $$sum_kv.1; } $$sum_s });',
    );
  });

  test('of the standard library give way to functions of the program', () => {
    const label = 'fn label($x: int64): int64 { return $x; }';
    assert.match(expanded(`${label} begin { print(label(1)); }`), /print\(label\(1\)\);/);
    assert.match(
      expanded(`${label} begin { print((host, is_err(curtask))); }`),
      /print\(\(\{ __host \}/,
    );
  });

  test('choose among definitions by number and kind of arguments', () => {
    const add =
      'macro add($x) { "variable" } macro add(@x) { "map" } macro add(x) { "value" } macro add(x, y) { "two" }';
    assertExpands(
      `${add} begin { $v = 1; @m = 1; print((add($v), add(@m), add(1), add(1, 2))); }`,
      '$v = 1; @m = 1; print(({ "variable" }, { "map" }, { "value" }, { "two" }));',
    );
  });

  test('give way to parameters of the same name', () => {
    assertExpands(
      'macro add() { 2 } macro id(add) { add } begin { print(id(1)); }',
      'print({ 1 });',
    );
  });

  test('of the user come before builtins of the same signature', () => {
    assertExpands('macro cpu() { "hi" } begin { print(cpu); }', 'print({ "hi" });');
    assertExpands(
      'macro cpu(x) { x } begin { print(cpu(2)); print(cpu()); }',
      'print({ 2 }); print(cpu());',
    );
  });

  test('of the user are not seen by the standard library', () => {
    assertExpands(
      'macro errorf(a, b) { 1 } begin { assert(1, "m"); }',
      '{ if (!1) { errorf("assert failed: %s", "m"); exit(1); } }',
    );
  });

  test('take types', () => {
    const types: readonly (readonly [string, string, string])[] = [
      ['sizeof(t)', 'typeof(struct task_struct)', 'sizeof(struct task_struct)'],
      ['sizeof(struct t)', 'typeof(task_struct)', 'sizeof(struct task_struct)'],
      ['sizeof(struct t)', 'task_struct', 'sizeof(struct task_struct)'],
      ['sizeof(t*)', 'typeof(mytype)', 'sizeof(mytype *)'],
      ['sizeof(t[2])', 'typeof(uint64*)', 'sizeof(uint64 *[2])'],
      ['(t)0', 'typeof(uint32*)', '(uint32 *)0'],
      ['(typeof(t))0', 'typeof(uint64*)', '(typeof(uint64 *))0'],
      ['typeinfo(t)', 'typeof(struct task_struct)', 'typeinfo(struct task_struct)'],
      ['offsetof(t, a.b)', 'typeof(struct foo)', 'offsetof(struct foo, a.b)'],
    ];
    for (const [body, given, result] of types) {
      assertExpands(
        `macro m(t) { ${body} } begin { print(m(${given})); }`,
        `print({ ${result} });`,
      );
    }
    assertExpands(
      'macro inner(t) { sizeof(t) } macro outer(z) { inner(typeof(z[2])) } begin { print(outer(typeof(uint8))); }',
      'print({ { sizeof(uint8[2]) } });',
    );
    assertExpands(
      'macro m(t) { let $x: t = 0; } begin { m(typeof(uint32)); }',
      '{ let $$m_x : uint32 = 0; }',
    );
  });

  test('take the path of offsetof', () => {
    assertExpands(
      'macro off(t, f) { offsetof(t, f) } begin { print(off(typeof(struct foo), a.b.c)); }',
      'print({ offsetof(struct foo, a.b.c) });',
    );
  });

  test('nest with what is passed to them', () => {
    assertExpands(
      'macro add(x) { x + 1 } begin { print(add(add(add(1)))); }',
      'print({ ({ ({ 1 + 1 }) + 1 }) + 1 });',
    );
  });
});

suite('macros are refused', () => {
  test('when they call themselves', () => {
    assertRefused(`
macro a(x) { c(x) } macro b(x) { a(x) } macro c(x) { b(x) } begin { print(c(1)); }
             ~~~~ Recursive macro call detected. Call chain: c > b > a > c
`);
  });

  test('with a definition that no call could mean', () => {
    assertRefused(`
macro set($x) { $x } macro set($y) { $y } begin { }
                     ~~~~~~~~~ Redefinition of macro: set
`);
    assertRefused(`
macro a($x, $x) { } macro b(@x, @x) { } macro c(x, x) { } begin { }
            ~~ Variable for macro argument has already been used: $x
                                ~~ Map for macro argument has already been used: @x
                                                   ~ Ident for macro argument has already been used: x
`);
  });

  test('with another number of arguments', () => {
    assert.equal(
      rendered('macro add(x) { x } macro add(x, y) { x } begin { add(1, 1, 1); }'),
      `stdin:1:50-62: ERROR: Call to add() has arguments that do not match any definition.
macro add(x) { x } macro add(x, y) { x } begin { add(1, 1, 1); }
                                                 ~~~~~~~~~~~~
stdin:1:20-29: ERROR: The closest definition of add() has a different number of arguments. Expected: 2 but got 3
macro add(x) { x } macro add(x, y) { x } begin { add(1, 1, 1); }
                   ~~~~~~~~~
`,
    );
  });

  test('with values for variables and maps', () => {
    assertRefused(`
macro m(@x, $y) { } begin { $a = 1; m($a, @b); m(1, 2); }
                                    ~~~~~~~~~ Call to m() has arguments that do not match any definition.
                                      ~~ Mismatched arg. m() expects a map for arg @x but got a variable.
                                          ~~ Mismatched arg. m() expects a variable for arg $y but got a map.
                                               ~~~~~~~ Call to m() has arguments that do not match any definition.
                                                 ~ Mismatched arg. m() expects a map for arg @x but got an expression.
                                                    ~ Mismatched arg. m() expects a variable for arg $y but got an expression.
`);
  });

  test('for maps and variables that are not theirs', () => {
    assertRefused(`
macro set() { @x = 1; } macro let_it($x) { let $x; } begin { set(); $y = 1; let_it($y); }
              ~~ Unhygienic access to map: @x. Maps must be passed into the macro as arguments.
                                           ~~~~~~ Variable declaration shadows macro arg $x
`);
  });

  test('for types where there can be none', () => {
    assertRefused(`
macro m(x) { x + 1 } macro s(t) { sizeof(struct t) } begin { m(typeof(int8)); s(typeof(int8*)); f(typeof(int8)); }
                                                               ~~~~~~~~~~~~ When used as a call argument, \`typeof\` builtin only valid for macro calls that are expecting a type parameter
                                                                                ~~~~~~~~~~~~~ Invalid replacement for macro 's' type parameter 't' which makes up the type 'struct t'
                                                                                                  ~~~~~~~~~~~~ When used as a call argument, \`typeof\` builtin only valid for macro calls that are expecting a type parameter
`);
    assertRefused(`
macro o(t, f) { offsetof(t, f) } begin { o(typeof(struct foo), g().b); }
                                                               ~~~~~ FieldAccess expressions must be made up entirely of idents (e.g. a.b.c) to replace the second argument in \`offsetof\`
`);
  });

  test('when they grow beyond all bounds', () => {
    const calls = 'd('.repeat(24);
    const { diagnostics } = loadProgram(
      new Source('stdin', `macro d(x) { x + x } begin { print(${calls}1${')'.repeat(24)}); }`),
    );
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['macro-too-large'],
    );
  });
});

test('a fault in a macro tells by which calls it got there', () => {
  assert.equal(
    rendered('macro a() { @m } macro b() { a() } begin { b(); }'),
    `stdin:1:13-15: ERROR: Unhygienic access to map: @m. Maps must be passed into the macro as arguments.
macro a() { @m } macro b() { a() } begin { b(); }
            ~~
stdin:1:30-33: ERROR: expanded from
macro a() { @m } macro b() { a() } begin { b(); }
                             ~~~
stdin:1:44-47: ERROR: expanded from
macro a() { @m } macro b() { a() } begin { b(); }
                                           ~~~
`,
  );
});

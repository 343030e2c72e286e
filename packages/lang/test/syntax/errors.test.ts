/** Syntax errors: their place and their text, which users match on. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { parse } from '../../src/syntax/parse.ts';
import { assertSquiggles } from '../diagnostics/squiggle.ts';

function table(name: string, cases: Readonly<Record<string, string>>): void {
  suite(name, () => {
    for (const [title, picture] of Object.entries(cases)) {
      test(title, () => assertSquiggles(picture, (source) => parse(source).diagnostics));
    }
  });
}

table('program', {
  'a program ends before its block': `
kprobe:f
        ^ syntax: expected '{'
`,
  'the predicate is not closed': `
kprobe:f /pid == 1 { 0; }
                   ~ syntax: expected '/' to close predicate
`,
  'a struct after a probe': `
BEGIN { }
struct a { int x; };
~~~~~~~~~~~~~~~~~~~~ syntax: C definitions must appear before probes and functions
`,
  'a preprocessor line after a probe': `
BEGIN { }
#define X 1
~~~~~~~~~~~ syntax: C definitions must appear before probes and functions
`,
  'config after a probe': `
BEGIN { }
config = { x = 1 }
~~~~~~ syntax: config must appear before probes and functions
`,
  'two config blocks': `
config = { x = 1 }
config = { y = 1 }
~~~~~~ syntax: duplicate config block
`,
  'import after a probe': `
BEGIN { }
import "x";
~~~~~~ syntax: root imports must appear before probes and functions
`,
  'a variable declared at the root': `
let $a = 1;
~~~ syntax: root-level let statements need to be map declarations, e.g. let @a = hash(2);
`,
  'a config value that is none': `
config = { x = ; }
               ~ syntax: expected string, int, boolean, or ident
`,
  'an attribute without parentheses': `
struct a { int x; } __attribute__ packed;
                                  ~~~~~~ syntax: __attribute__ syntax error, expected '(('
`,
  'an attribute that is not closed': `
struct a { int x; } __attribute__((packed);
                                 ~ syntax: __attribute__ syntax error, mismatched '(' and ')'
`,
  'a builtin as macro parameter': `
macro m($a, pid) { 1 }
            ~~~ syntax: builtin 'pid' can't be used as a macro argument
`,
  'a function parameter that is no variable': `
fn f(a : int8) : void { }
     ~ syntax: expected variable in function argument
`,
  'a comma without an attach point': `
kprobe:f,,kprobe:g { }
         ~ syntax: expected attach point
`,
});

table('statements', {
  'a sigil without a name': `
kprobe:f { $ x = 1; }
           ~ syntax: expected identifier after '$'
`,
  'a missing semicolon': `
BEGIN { $x = 1 $y = 2; }
               ~~ syntax: expected ';'
`,
  'an expression that runs into the next': `
BEGIN { f(1) f(2) }
             ~ syntax: expected ';'
`,
  'assignment to a tuple element': `
i:s:1 { $a = (1, 2); $a.2 = 3; }
                     ~~~~~~~~ syntax: Tuples and records are immutable once created. Consider creating a new value and assigning it instead.
`,
  'assignment to an array element': `
BEGIN { $a[1] = 2; }
        ~~~~~~~~~ syntax: invalid assignment target
`,
  'assignment to a tuple': `
i:s:1 { (1, 0) = 0 }
               ~ syntax: expected ';'
`,
  'a loop over a value': `
BEGIN { for ($i : 5) { } }
                     ~ syntax: expected map or range in for loop
`,
  'a loop without a variable': `
BEGIN { for (i : @m) { } }
             ~ syntax: expected variable in for loop
`,
  'let without a variable': `
BEGIN { let x = 1; }
            ~ syntax: expected variable after 'let'
`,
  'else without a block': `
BEGIN { if (1) { } else 5 }
                        ~ syntax: expected '{' or 'if' after 'else'
`,
  'import without a path': `
BEGIN { import x; }
               ~ syntax: expected string after 'import'
`,
});

table('expressions', {
  'nothing where a value must be': `
k:f { print((,)); }
             ~ syntax: expected expression
`,
  'positional parameter zero': `
kprobe:f { $0 }
           ~~ syntax: param $0 is out of integer range [1, 9223372036854775807]
`,
  'a huge positional parameter': `
kprobe:f { $99999999999999999999 }
           ~~~~~~~~~~~~~~~~~~~~~ syntax: param $99999999999999999999 is out of integer range [1, 9223372036854775807]
`,
  'increment of a literal, before': `
i:s:1 { @=++5}
            ~ syntax: increment/decrement requires a variable or map
`,
  'increment of a literal, after': `
i:s:1 { @="a"++}
             ~~ syntax: increment/decrement requires a variable or map
`,
  'address of a value': `
BEGIN { &pid }
         ~~~ syntax: address-of operator (&) can only be used on a map or variable
`,
  'a field of a record twice': `
k:f { print((hello=1,hello=2)); }
                     ~~~~~~~ syntax: Named argument list already contains name: hello
`,
  'a field of a record without a name': `
k:f { print((hello=1, 5)); }
                      ~ syntax: expected identifier
`,
  'a type where a value must be': `
begin { f(struct task_struct*); }
                 ~~~~~~~~~~~ syntax: expected ')'
`,
  'a field without a name': `
BEGIN { $a->; }
            ~ syntax: expected field name after '->'
`,
  'an arrow in offsetof': `
begin { offsetof(struct Foo, bar->x); }
                                ~ syntax: expected ')'
`,
});

table('literals', {
  'a string without an end': `
kprobe:f { "asdf }
                  ^ syntax: unterminated string
`,
  'an octal escape beyond a byte': String.raw`
kprobe:f { "\777" }
            ~~~~ syntax: octal escape sequence out of range '\777'
`,
  'an unknown escape': String.raw`
kprobe:f { "a\qb" }
              ~~ syntax: invalid escape character '\q'
`,
  'an integer suffix that is none': `
k:f { print(1ulll); }
                ~ syntax: invalid integer suffix 'l'
`,
  'an integer beyond 64 bits': `
k:f { print(1e21); }
            ~~~~ syntax: overflow error, maximum value is 18446744073709551615: 1e21
`,
});

suite('trees too deep for the stack are an error', () => {
  const sums = (count: number): string => '1 + '.repeat(count) + '1';
  const cases: Readonly<Record<string, readonly [inside: string, limit: number]>> = {
    parentheses: [`${'('.repeat(100_000)}1`, 500],
    'unary operators': [`${'!'.repeat(100_000)}1`, 500],
    blocks: ['{ '.repeat(100_000), 500],
    calls: ['f('.repeat(100_000), 500],
    sums: [sums(100_000), 500],
    'fields of fields': [`$a${'.b'.repeat(100_000)}`, 500],
    'sums in parentheses': [`${'('.repeat(50)}1${` + ${sums(100)})`.repeat(50)}`, 500],
  };
  for (const [name, [inside, limit]] of Object.entries(cases)) {
    test(name, () => {
      const [diagnostic] = parse(new Source('stdin', `BEGIN { ${inside} }`)).diagnostics;
      assert.equal(diagnostic?.message, `syntax: nested more than ${limit} levels deep`);
    });
  }

  test('but not what people write', () => {
    const { diagnostics } = parse(new Source('stdin', `BEGIN { print(${sums(400)}); }`));
    assert.deepEqual(diagnostics, []);
  });
});

/** Examples of macros.ts. */
import type { Examples } from './example.ts';

export const macros: Examples = {
  'macro-argument-mismatch': [
    `
macro m(@a) { @a }
begin { print(m(1)); }
              ~~~~ Call to m() has arguments that do not match any definition.
                ~ Mismatched arg. m() expects a map for arg @a but got an expression.
`,
  ],
  'macro-redefined': [
    `
macro m($a) { $a }
macro m($b) { $b }
~~~~~~~ Redefinition of macro: m
begin { }
`,
  ],
  'repeated-parameter': [
    `
macro m($a, $a) { 1 }
            ~~ Variable for macro argument has already been used: $a
begin { }
`,
    `
macro m(@a, @a) { 1 }
            ~~ Map for macro argument has already been used: @a
begin { }
`,
    `
macro m(a, a) { 1 }
           ~ Ident for macro argument has already been used: a
begin { }
`,
  ],
  'no-matching-macro': [
    `
macro m(a, b) { a + b }
begin { print(m(1)); }
              ~~~~ Call to m() has arguments that do not match any definition.
`,
    `
macro m(@a) { @a }
begin { print(m(1)); }
              ~~~~ Call to m() has arguments that do not match any definition.
                ~ Mismatched arg. m() expects a map for arg @a but got an expression.
`,
    `
macro m($a) { $a }
begin { @x = 1; print(m(@x)); }
                      ~~~~~ Call to m() has arguments that do not match any definition.
                        ~~ Mismatched arg. m() expects a variable for arg $a but got a map.
`,
  ],
  'recursive-macro': [
    `
macro m() { n() }
macro n() { m() }
            ~~~ Recursive macro call detected. Call chain: m > n > m
begin { m(); }
`,
  ],
  'unhygienic-map': [
    `
macro m() { @x = 1 }
            ~~ Unhygienic access to map: @x. Maps must be passed into the macro as arguments.
begin { m(); }
`,
  ],
  'shadowed-parameter': [
    `
macro m($a) { let $a = 1; $a }
              ~~~~~~~~~~ Variable declaration shadows macro arg $a
begin { $x = 1; print(m($x)); }
`,
  ],
  'misplaced-type-argument': [
    `
begin { print(typeof(1)); }
              ~~~~~~~~~ When used as a call argument, \`typeof\` builtin only valid for macro calls that are expecting a type parameter
`,
    `
begin { print(strlen(typeof(1))); }
                     ~~~~~~~~~ When used as a call argument, \`typeof\` builtin only valid for macro calls that are expecting a type parameter
`,
  ],
  'bad-type-replacement': [
    `
macro m(t) { sizeof(t*) }
begin { print(m(1)); }
                ~ Invalid replacement for macro 'm' type parameter 't' which makes up the type 't*'
`,
  ],
  'bad-field-replacement': [
    `
macro m(f) { offsetof(struct task_struct, f) }
begin { print(m(pid(1).a)); }
                ~~~~~~~~ FieldAccess expressions must be made up entirely of idents (e.g. a.b.c) to replace the second argument in \`offsetof\`
`,
  ],
  'macro-too-large': [
    `
macro a(x) { (x, x, x, x) }
macro b(x) { a(a(a(a(x)))) }
                     ~ Macros expand to more than 200000 names, numbers and operators
macro c(x) { b(b(b(b(x)))) }
begin { print(c(nsecs)); }
`,
  ],
};

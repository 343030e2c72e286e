/** Examples of functions.ts. */
import type { Examples } from './example.ts';

export const functions: Examples = {
  'bad-parameter-type': [
    `
fn f($a : typeof(@x)) : int64 { return 1; }
          ~~~~~~~~~~ Functions take no values of type count_t
begin { @x = count(); }
`,
    `
fn f($a : void) : int64 { return 1; }
          ~~~~ Functions take no values of type void
begin { }
`,
  ],
  'recursive-function': [
    `
fn f($a : int64) : int64 { return f($a); }
                                  ~ Function f calls itself: f -> f
begin { print(f(1)); }
`,
  ],
  'bad-function-return': [
    `
fn f() : int64 { return "a"; }
                 ~~~~~~~~~~~ Function f is of type int64, cannot return string[2]
begin { print(f()); }
`,
    `
struct s { int x; };
fn f() : struct s { }
~~~~ Function f is of type struct s, cannot return void
begin { }
`,
  ],
  'function-name-taken': [
    `
fn strlen() : int64 { return 1; }
~~~~~~~~~ Function strlen has the name of a builtin
begin { }
`,
    `
fn f() : int64 { return 1; }
fn f() : int64 { return 1; }
~~~~ Function f was already defined
begin { }
`,
  ],
};

/** Examples of syntax.ts. */
import type { Examples } from './example.ts';

export const syntax: Examples = {
  expected: [
    `
kprobe:f
        ^ syntax: expected '{'
`,
    `
begin { print(1 }
                ~ syntax: expected ')'
`,
    `
begin { } }
           ^ syntax: expected '{'
`,
    `
begin { 1 = 2; }
          ~ syntax: expected ';'
`,
    `
begin { pid = 2; }
            ~ syntax: expected ';'
`,
    `
; begin { }
  ~~~~~ syntax: expected '{'
`,
    `
) begin { }
  ~~~~~ syntax: expected '{'
`,
    `
/ begin { }
  ~~~~~ syntax: expected '{'
`,
    `
{ }
~ syntax: expected attach point
`,
    `
begin { } //
 ]
  ^ syntax: expected '{'
`,
    `
begin { 1 += 2; }
          ~ syntax: expected ';'
`,
    `
struct a { int x; }; };
begin { print(sizeof(struct a)); }
~~~~~ syntax: expected '{'
`,
    `
kprobe:f { } /
              ^ syntax: expected '{'
`,
    `
begin { } |
           ^ syntax: expected '{'
`,
    `
begin { } =
           ^ syntax: expected '{'
`,
    `
begin { };
          ^ syntax: expected '{'
`,
    `
&
 ^ syntax: expected '{'
`,
    `
config = { } ;
              ^ syntax: expected '{'
`,
  ],
  'late-c-definition': [
    `
begin { }
#define X 1
~~~~~~~~~~~ syntax: C definitions must appear before probes and functions
`,
  ],
  'late-config': [
    `
begin { }
config = { }
~~~~~~ syntax: config must appear before probes and functions
`,
  ],
  'duplicate-config': [
    `
config = { }
config = { }
~~~~~~ syntax: duplicate config block
begin { }
`,
  ],
  'late-import': [
    `
begin { }
import "a.bt";
~~~~~~ syntax: root imports must appear before probes and functions
`,
  ],
  'root-let': [
    `
let $a = 1;
~~~ syntax: root-level let statements need to be map declarations, e.g. let @a = hash(2);
begin { }
`,
  ],
  'bad-attribute': [
    `
struct a { int x; } __attribute__((packed);
                                 ~ syntax: __attribute__ syntax error, mismatched '(' and ')'
begin { }
`,
    `
struct a { int x; } __attribute__ packed;
                                  ~~~~~~ syntax: __attribute__ syntax error, expected '(('
begin { }
`,
  ],
  'bad-integer': [
    `
begin { print(1x); }
               ~ syntax: invalid integer suffix 'x'
`,
    `
begin { print(18446744073709551616); }
              ~~~~~~~~~~~~~~~~~~~~ syntax: overflow error, maximum value is 18446744073709551615: 18446744073709551616
`,
    `
begin { print(1_); }
               ~ syntax: trailing underscore in integer literal
`,
    `
begin { print(10e3); }
              ~~~~ syntax: coefficient part of scientific literal must be 1-9: 10e3
`,
    `
begin { print(300u8); }
                  ~ syntax: invalid integer suffix '8'
`,
    `
begin { print((int8[99999999999999999999])1); }
                    ~~~~~~~~~~~~~~~~~~~~ syntax: overflow error, maximum value is 18446744073709551615: 99999999999999999999
`,
  ],
  'unterminated-string': [
    `
begin { print("a); }
                    ^ syntax: unterminated string
`,
  ],
  'bad-escape': [
    `
begin { print("\\q"); }
                ~ syntax: invalid escape character '\\q'
`,
    `
begin { print("\\777"); }
               ~~~~ syntax: octal escape sequence out of range '\\777'
`,
  ],
  'bad-positional': [
    `
begin { print($0); }
              ~~ syntax: param $0 is out of integer range [1, 9223372036854775807]
`,
  ],
  'immutable-target': [
    `
begin { $a = (1, 2); $a.0 = 3; }
                     ~~~~~~~~ syntax: Tuples and records are immutable once created. Consider creating a new value and assigning it instead.
`,
  ],
  'invalid-increment': [
    `
begin { 1++; }
         ~~ syntax: increment/decrement requires a variable or map
`,
    `
begin { --pid; }
          ~~~ syntax: increment/decrement requires a variable or map
`,
  ],
  'invalid-address-of': [
    `
begin { $a = &1; }
              ~ syntax: address-of operator (&) can only be used on a map or variable
`,
  ],
  'duplicate-field': [
    `
begin { $a = (x=1, x=2); }
                   ~~~ syntax: Named argument list already contains name: x
`,
  ],
  'builtin-as-parameter': [
    `
macro m(pid) { 1 }
        ~~~ syntax: builtin 'pid' can't be used as a macro argument
begin { }
`,
  ],
  'invalid-assignment-target': [
    `
begin { $a = 1; $a[0] = 1; }
                ~~~~~~~~~ syntax: invalid assignment target
`,
    `
begin { @a[1][2] = 1; }
        ~~~~~~~~~~~~ syntax: invalid assignment target
`,
  ],
  'nested-too-deeply': [deep('{ '), deep('f(')],
  'program-too-long': [long()],
};

/** Each is two levels, and the last one too many. */
function deep(opening: string): string {
  const before = `begin { ${opening.repeat(250)}`;
  const at = before.length - opening.length;
  return `
${before}
${' '.repeat(at)}~ syntax: nested more than 500 levels deep
`;
}

/** The brace, and two more for each statement; the probe's name is none. */
function long(): string {
  const before = `begin { ${'1;'.repeat(249_999)}`;
  return `
${before}2;
${' '.repeat(before.length + 1)}~ syntax: a program has at most 500000 words and signs, and this one goes on
`;
}

/** Examples of c.ts. */
import type { Examples } from './example.ts';

export const c: Examples = {
  'include-not-found': [
    `
#include "no/such.h"
         ~~~~~~~~~~~ fatal error: 'no/such.h' file not found
begin { }
`,
  ],
  'c-error-directive': [
    `
#ifndef X
#error X is needed
 ~~~~~ X is needed
#endif
begin { }
`,
  ],
  'c-redefinition': [
    `
struct a { int x; };
struct a { int y; };
       ~ redefinition of 'a'
begin { }
`,
  ],
  'c-macro-too-large': [
    `
#define a(x) x x x x x x x x
#define b(x) a(a(a(a(x))))
struct s { int f[b(b(b(1)))]; };
                   ~ macro 'a' expands to more than 100000 tokens
begin { print(sizeof(struct s)); }
`,
    `
#define A(x) (x + x)
#define B(x) A(A(A(A(x))))
#define C(x) B(B(B(B(x))))
begin { print(C(1)); }
! B:1:3 macro 'A' expands to more than 100000 nodes
`,
    `
#define a(x) x x x x x x x x
#define b(x) a(a(a(a(x))))
struct s { int f[b(b(1))]; };
                 ~ macro 'a' expands to more than 100000 tokens
begin { print(sizeof(struct s)); }
`,
    `
#define A(x) (x + x + x + x)
#define B(x) A(A(A(A(x))))
#define C(x) B(B(B(B(x))))
begin { print(C(nsecs)); }
! B:1:1 macro 'A' expands to more than 100000 nodes
`,
  ],
  'unknown-c-type': [
    `
struct a { foo_t x; };
           ~~~~~ unknown type name 'foo_t'
begin { print(sizeof(struct a)); }
`,
  ],
  'incomplete-field': [
    `
struct a { struct b x; };
                    ~ field has incomplete type 'struct b'
begin { print(sizeof(struct a)); }
`,
    `
struct a { struct a x; };
                    ~ field has incomplete type 'struct a'
begin { print(sizeof(struct a)); }
`,
  ],
  'bad-c-layout': [
    `
struct a { int x : 33; };
               ~ width of bit-field 'x' (33 bits) exceeds the width of its type (32 bits)
begin { print(sizeof(struct a)); }
`,
    `
struct a { int x[-1]; };
                ~ array with a negative size
begin { print(sizeof(struct a)); }
`,
    `
struct a { int f(void); };
               ~ field declared as a function
begin { print(sizeof(struct a)); }
`,
  ],
  'macro-recursion': [
    `
#define A B
#define B A
begin { print(A); }
! B:1:1 Macro recursion: A->B
`,
  ],
  'macro-no-expression': [
    `
#define A struct x {
begin { print(A); }
              ~ unable to expand macro as an expression: struct x{
`,
    `
#define A 1 )
begin { print(A); }
              ~ unable to expand macro as an expression: 1)
`,
  ],
  'macro-argument-count': [
    `
#define ADD(a, b) a + b
begin { print(ADD(1)); }
              ~~~~~~ macro 'ADD' takes 2 arguments (1 provided)
`,
  ],
  'c-syntax': [
    `
#defin X 1
 ~~~~~ invalid preprocessing directive
begin { }
`,
    `
#if 1
 ~~ unterminated conditional directive
begin { }
`,
  ],
};

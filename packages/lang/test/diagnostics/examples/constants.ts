/** Examples of constants.ts. */
import type { Examples } from './example.ts';

export const constants: Examples = {
  'literal-overflow': [
    `
begin { print(18446744073709551615 + 1); }
              ~~~~~~~~~~~~~~~~~~~~~~~~ unable to fold literals due to overflow or underflow
`,
    `
begin { print(1 / 0); }
              ~~~~~ unable to fold literals due to overflow or underflow
`,
    `
begin { print(-9223372036854775809); }
              ~~~~~~~~~~~~~~~~~~~~ negative value will underflow
`,
  ],
  'division-by-zero': [
    `
begin { print(nsecs / 0); }
              ~~~~~~~~~ division by zero
`,
  ],
  'bad-operands': [
    `
begin { print("a" * "b"); }
              ~~~~~~~~~ illegal literal operation with strings
`,
    `
begin { print(comm < "a"); }
              ~~~~~~~~~~ The < operator can not be used on expressions of types string[16], string[2]
`,
    `
begin { print(-comm); }
              ~~~~~ The - operator can not be used on expressions of type 'string[16]'
`,
    `
begin { $a = "x"; $a++; }
                  ~~~~ The ++ operator can not be used on expressions of type 'string[2]'
`,
    `
begin { print(curtask->load.parts[0] < curtask->load.parts[1]); }
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The < operator cannot be used on arrays.
`,
    `
begin { print(curtask->load.parts == curtask->load.parts); }
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Only arrays of same sized integer support comparison operators.
`,
    `
begin { $a = (int8 *)0; print($a * 2); }
                              ~~~~~~ The * operator can not be used on expressions of types int8 *, int8
`,
    `
begin { print(comm + comm); }
              ~~~~~~~~~~~ The + operator can not be used on expressions of types string[16], string[16]
`,
    `
begin { $x = curtask->load; print($x == curtask->load); }
                                  ~~~~~~~~~~~~~~~~~~~ The == operator can not be used on expressions of types struct load, struct load
`,
  ],
  'empty-string': [
    `
begin { print("abc" + 3); }
              ~~~~~~~~~ literal string will always be empty
`,
  ],
  failed: [
    `
begin { fail("%d is too few", 1); }
        ~~~~~~~~~~~~~~~~~~~~~~~~ 1 is too few
`,
    `
begin { static_assert(sizeof(int64) == 4, "odd"); }
! stdlib/meta.bt:32:5 odd
`,
  ],
  'unresolved-comptime': [
    `
begin { if comptime (nsecs > 1) { exit(); } }
           ~~~~~~~~~~~~~~~~~~~~ Unable to resolve comptime expression
`,
  ],
  'missing-parameter': [
    `
begin { print($1); }
              ~~ Positional parameter $1 is empty or not provided.
`,
  ],
  'bad-unroll-count': [
    `
begin { unroll(101) { } }
        ~~~~~~~~~~~~~~~ unroll maximum value is 100
`,
    `
begin { unroll(0) { } }
        ~~~~~~~~~~~~~ unroll minimum value is 1
`,
    `
begin { unroll(nsecs) { } }
        ~~~~~~~~~~~~~~~~~ invalid unroll value
`,
  ],
  'string-too-long': [
    `
config = { max_strlen = 8 }
begin { $x = "longer than that"; }
             ~~~~~~~~~~~~~~~~~~ String is too long (over 8 bytes): longer than that
`,
  ],
};

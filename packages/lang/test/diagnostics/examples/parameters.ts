/** Examples of parameters.ts. */
import type { Examples } from './example.ts';

export const parameters: Examples = {
  'bad-named-parameter': [
    {
      picture: `
begin { print(getopt("n", 1)); }
! program command line option --n invalid integer (value: x)
`,
      namedParameters: ['n=x'],
    },
  ],
  'unexpected-parameter': [
    {
      picture: `
begin { }
! unexpected program command line options: --n
`,
      namedParameters: ['n=x'],
    },
    {
      picture: `
begin { print(getopt("n", 1)); }
! unexpected program command line options: --m
`,
      namedParameters: ['m=1'],
    },
  ],
  'bad-getopt': [
    `
begin { print(getopt(nsecs)); }
              ~~~~~~~~~~~~~ First argument to 'getopt' must be a string literal.
`,
    `
begin { print(getopt("a", 1)); print(getopt("a", 2)); }
                                     ~~~~~~~~~~~~~~ Command line option 'a' needs to have the same default value in all places it is used. Previous default value: 1
`,
    `
begin { print(getopt("a", 1, "x")); print(getopt("a", 1, "y")); }
                                          ~~~~~~~~~~~~~~~~~~~ Command line option 'a' must have the same description in all places it's used. Hint: You can wrap it in a macro
`,
  ],
};

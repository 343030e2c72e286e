/** Examples of names.ts. */
import type { Examples } from './example.ts';

export const names: Examples = {
  'unknown-identifier': [
    `
begin { print(comn); }
              ~~~~ Unknown identifier: 'comn'
`,
    `
begin { @[sarg0] = 1; }
          ~~~~~ Unknown identifier: 'sarg0'
`,
  ],
  'unknown-function': [
    `
begin { prnt(1); }
        ~~~~ Unknown function: 'prnt'
`,
  ],
  'untyped-variable': [
    `
begin { let $a; $b = &$a; }
                     ~~~ No type available for variable $a
`,
  ],
  'undefined-map': [
    `
begin { print(@x); }
              ~~ Undefined map: @x
`,
    `
begin { @count = 1; print(@cuont); }
                          ~~~~~~ Undefined map: @cuont
`,
  ],
  'undefined-variable': [
    `
begin { print($x); }
              ~~ Undefined or undeclared variable: $x
`,
  ],
  'unknown-symbol': [
    `
begin { print(kaddr("no_such")); }
              ~~~~~~~~~~~~~~~~ Failed to resolve kernel symbol: no_such
`,
  ],
  'unknown-cgroup': [
    `
begin { print(cgroupid("/no/such")); }
                       ~~~~~~~~~~ Failed to find cgroup: /no/such
`,
  ],
  'deprecated-name': [
    `
kfunc:vfs_read { }
~~~~~~~~~~~~~~ kfunc is deprecated and will be removed in the future.
`,
    `
begin { print(curtask); print(gid); print(name); }
                                          ~~~~ name is deprecated and will be removed in the future.
`,
    `
kprobe:vfs_read { print(stack); }
                        ~~~~~ stack is deprecated and will be removed in the future.
`,
  ],
  'not-supported-yet': [],
};

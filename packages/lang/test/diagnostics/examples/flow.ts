/** Examples of flow.ts. */
import type { Examples } from './example.ts';

export const flow: Examples = {
  'jump-outside-loop': [
    `
begin { break; }
        ~~~~~~ 'break' statement is not allowed outside of a loop
`,
    `
begin { if (1) { continue; } }
                 ~~~~~~~~~ 'continue' statement is not allowed outside of a loop
`,
  ],
  unreachable: [
    `
begin { return; print(1); }
                ~~~~~~~~~ Unreachable statement.
`,
  ],
  'while-deprecated': [
    `
begin { $i = 0; while ($i < 3) { $i++; } }
                ~~~~~~~~~~~~~~~~~~~~~~~~ While loops are deprecated and may be removed in the future.
`,
  ],
  'bad-range': [
    `
begin { for ($i : "a"..5) { } }
                  ~~~ Loop range requires an integer for the start value
`,
    `
begin { for ($i : 0..comm) { } }
                     ~~~~ Loop range requires an integer for the end value
`,
  ],
  'shadowed-variable': [
    `
begin { let $a = 1; if (1) { let $a = 2; print($a); } }
                             ~~~~~~ Variable $a was already declared. Variable shadowing is not allowed.
`,
    `
begin { $i = 1; for ($i : 0..5) { print($i); } }
                     ~~ Loop declaration shadows existing variable: $i
`,
  ],
  'never-assigned': [
    `
begin { let $a; }
            ~~ Variable $a was never assigned to.
`,
  ],
  'used-before-assigned': [
    `
begin { let $a; print($a); $a = 1; }
                      ~~ Variable used before it was assigned: $a
`,
  ],
  'variable-leaves-block': [
    `
begin { if (1) { $x = 1; } print($x); }
                                 ~~ Variable $x is used outside of the blocks that assign it.
`,
    `
begin { if (pid) { $x = 1; } print($x); }
                                   ~~ Variable $x is used outside of the blocks that assign it.
`,
  ],
};

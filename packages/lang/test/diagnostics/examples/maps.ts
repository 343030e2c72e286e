/** Examples of maps.ts. */
import type { Examples } from './example.ts';

export const maps: Examples = {
  'mixed-map-keys': [
    `
begin { @x[1] = 1; print((@x, 1)); }
                          ~~ @x used as a map without an explicit key (scalar map), previously used with an explicit key (non-scalar map)
`,
    `
begin { @x = 1; print(@x[1]); }
                      ~~~~~ @x used as a map with an explicit key (non-scalar map), previously used without an explicit key (scalar map)
`,
  ],
  'key-mismatch': [
    `
begin { @x[1] = 1; @x["a"] = 2; }
                   ~~~~~~~ Argument mismatch for @x: trying to access with arguments: 'string[2]' when map expects arguments: 'int8'
`,
  ],
  'aggregation-inside': [
    `
begin { @h = hist(1); $t = (1, @h); $r = (a = 1, b = @h); }
                               ~~ Map type hist_t cannot exist inside a tuple.
                                                     ~~ Map type hist_t cannot exist inside a record.
`,
  ],
  'bad-map-key': [
    `
begin { @x[()] = 1; }
           ~~ () cannot be part of a map key
`,
    `
begin { @x[1] = hist(1); @y[@x[1]] = 1; }
                         ~~~~~~~~~ Value 'hist_t' cannot be used as a map key.
`,
    `
begin { @x[print(1)] = 1; }
           ~~~~~~~~ void cannot be part of a map key
`,
  ],
  'type-mismatch': [
    `
begin { @x = count(); @x = hist(1); }
                           ~~~~~~~ Type mismatch for @x: trying to assign value of type 'hist_t' when map already has a type 'count_t'
`,
    `
begin { $a = 1; $a = "x"; }
                ~~~~~~~~ Type mismatch for $a: trying to assign value of type 'string[2]' when variable already has a type 'int8'
`,
    `
begin { @a = 1; @a = "x"; }
                ~~~~~~~~ Type mismatch for @a: trying to assign value of type 'string[2]' when map already has a type 'int8'
`,
    `
begin { print("a" * nsecs); }
              ~~~~~~~~~~~ Type mismatch for '*': comparing string[2] with uint64
`,
    `
begin { print(comm == 1); }
              ~~~~~~~~~ Type mismatch for '==': comparing string[16] with int8
`,
    `
begin { print(curtask->load.parts[0] == curtask->comm); }
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Type mismatch for '==': comparing int32[3] with string[16]
`,
  ],
  'buckets-differ': [
    `
begin { @x = hist(1, 2); @x = hist(1, 3); }
                              ~~~~~~~~~~ Different bits in a single hist unsupported
`,
    `
begin { @x = lhist(1, 0, 10, 1); @x = lhist(1, 0, 10, 2); }
                                      ~~~~~~~~~~~~~~~~~~ Different lhist bounds in a single map unsupported
`,
  ],
  'unknown-map-type': [
    `
let @x = treemap(10);
         ~~~~~~~ Invalid bpf map type: treemap
begin { @x[1] = 1; }
`,
  ],
  'map-type-mismatch': [
    `
let @x = percpuhash(10);
~~~~~~~~~~~~~~~~~~~~~~~~ Incompatible map types. Type from declaration: percpuhash. Type from value/key type: hash
begin { @x[1] = 1; }
`,
  ],
  'unused-map': [
    `
let @x = hash(10);
~~~~~~~~~~~~~~~~~~ Unused map: @x
begin { }
`,
  ],
  'scalar-map-iterated': [
    `
begin { @x = 1; for ($kv : @x) { } }
                           ~~ @x has no explicit keys (scalar map), and cannot be used for iteration
`,
  ],
  'not-iterable': [
    `
begin { @x[1] = hist(1); for ($kv : @x) { } }
                                    ~~ Loop expression does not support type: hist_t
`,
  ],
};

/** Examples of types.ts. */
import { withTypes } from '../../targets/types.ts';
import type { Examples } from './example.ts';

const { btf: _btf, ...withoutTypes } = withTypes;

function doubt(from: string, to: string): string {
  return (
    `Expression of type: ${from} being cast to type: ${to}. ` +
    'This may cause unexpected results. Use an explicit cast to suppress this warning.'
  );
}

export const types: Examples = {
  'bad-variable-type': [
    `
begin { let $a: sum_t; }
            ~~ Variable $a was never assigned to.
                ~~~~~ Invalid variable declaration type: sum_t
`,
    `
begin { let $a: void; $a = 1; }
                ~~~~ Invalid variable declaration type: void
`,
    `
begin { @ = count(); let $a: typeof(@) = 1; }
                             ~~~~~~~~~ Invalid variable declaration type: count_t
`,
  ],
  'not-assignable': [
    `
begin { @a = (); }
        ~~~~~~~ Value '()' cannot be assigned to a map.
`,
    `
begin { $a = print(1); }
        ~~~~~~~~~~~~~ Value 'void' cannot be assigned to a scratch variable.
`,
    `
begin { @a = print(1); }
        ~~~~~~~~~~~~~ Value 'void' cannot be assigned to a map.
`,
  ],
  'aggregation-copied': [
    `
begin { @a = count(); @b = @a; }
                      ~~~~~~~ Map value 'count_t' cannot be assigned from one map to another. The function that returns this type must be called directly e.g. \`@b = count();\`.
`,
    `
begin { @a = hist(1); @b = @a; }
                      ~~~~~~~ Map value 'hist_t' cannot be assigned from one map to another. The function that returns this type must be called directly e.g. \`@b = hist(retval);\`.
`,
  ],
  'branch-mismatch': [
    `
begin { print(pid ? 1 : "a"); }
              ~~~~~~~~~~~~~ Branches must return the same type or compatible types: have 'int8' and 'string[2]'
`,
  ],
  'bad-condition': [
    `
begin { if (comm) { } }
            ~~~~ Invalid condition: string
`,
    `
begin { print(comm ? 1 : 2); }
              ~~~~ Invalid condition: string
`,
  ],
  'bad-return': [
    `
begin { return "a"; }
               ~~~ Probe return values can only be integers. Found string[2]
`,
  ],
  'unknown-field': [
    `
begin { print(curtask->pidd); }
                       ~~~~ Struct/union of type 'struct task_struct' does not contain a field named 'pidd'
`,
    `
tracepoint:syscalls:sys_enter_openat { print(args.filenam); }
                                                  ~~~~~~~ Struct/union of type 'struct _tracepoint_syscalls_sys_enter_openat' does not contain a field named 'filenam'
`,
    `
begin { $a = (x=1, y=2); print($a.z); }
                                  ~ Record does not contain a field named 'z'
`,
  ],
  'unknown-struct': [
    `
begin { print(curtask->opaque->x); }
              ~~~~~~~~~~~~~~~~~~ Unknown struct/union: 'struct opaque'
`,
    {
      picture: `
begin { print(curtask->pid); }
              ~~~~~~~~~~~~ Unknown struct/union: 'struct task_struct'
`,
      target: withoutTypes,
    },
  ],
  'unknown-type': [
    `
begin { print(((struct nosuch *)0)->x); }
                ~~~~~~~~~~~~~~~ Cannot resolve unknown type "struct nosuch"
`,
    `
begin { print(sizeof(struct nosuch)); }
                     ~~~~~~~~~~~~~ Cannot resolve unknown type "struct nosuch"
`,
    `
begin { print((nosuch_t)1); }
               ~~~~~~~~ Cannot resolve unknown type "nosuch_t"
`,
    `
fn f($a : hist_t) : int64 { return 1; }
          ~~~~~~ Cannot resolve unknown type "hist_t"
begin { }
`,
    `
fn f($a : inet_t) : int64 { return 1; }
          ~~~~~~ Cannot resolve unknown type "inet_t"
begin { print(1); }
`,
  ],
  'common-field': [
    `
tracepoint:syscalls:sys_enter_openat { print(args.common_pid); }
                                                  ~~~~~~~~~~ BPF does not support accessing common tracepoint fields
`,
  ],
  'no-fields': [
    `
begin { $a = 1; print($a.x); }
                      ~~~~ Can not access field 'x' on expression of type 'int8'
`,
  ],
  'bad-index': [
    `
begin { $a = (1, 2); print($a.2); }
                           ~~~~ Invalid tuple index: 2. Found 2 elements in tuple.
`,
    `
begin { print(curtask->comm["a"]); }
              ~~~~~~~~~~~~~~~~~~ The array index operator [] only accepts non-negative integer indices. Got: string[2]
`,
    `
begin { print(curtask->load.parts[-1]); }
              ~~~~~~~~~~~~~~~~~~~~~~~ The array index operator [] only accepts non-negative integer indices. Got: int8
`,
    `
begin { print(curtask->load.parts[2][0]); }
              ~~~~~~~~~~~~~~~~~~~~~~ the index 2 is out of bounds for array of size 2
`,
  ],
  'no-elements': [
    `
begin { $a = 1; print($a.0); }
                      ~~~~ Can not access index '0' on expression of type 'int8'
`,
    `
begin { $a = 1; print($a[0]); }
                      ~~~~~ The array index operator [] can only be used on arrays, pointers, and tuples, found int8.
`,
    `
begin { $a = (void *)0; print($a[1]); }
                              ~~~~~ The array index operator [] cannot be used on a pointer to an unsized type (void *).
`,
  ],
  'not-a-pointer': [
    `
begin { print(*comm); }
              ~~~~~ Can not dereference type 'string[16]'. It is not a pointer.
`,
    `
begin { $x = curtask->load; print(*$x); }
                                  ~~~ Can not dereference struct/union of type 'struct load'. It is not a pointer.
`,
  ],
  'bad-offset': [
    `
begin { print(offsetof(struct task_struct, nosuch)); }
              ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'struct task_struct' has no field named 'nosuch'
`,
    `
begin { print(offsetof(int32, x)); }
              ~~~~~~~~~~~~~~~~~~ 'int32' is not a C type.
`,
  ],
  'bad-cast': [
    `
begin { print((int64)comm); }
              ~~~~~~~ Cannot cast from "string[16]" to "int64"
`,
    `
begin { @x = hist(1); print((int64)@x); }
                            ~~~~~~~ Cannot cast from "hist_t" to "int64"
`,
    `
begin { $a = curtask->load; print((int64)$a); }
                                  ~~~~~~~ Cannot cast from C type "struct load"
`,
    `
begin { print((enum state)3); }
              ~~~~~~~~~~~~ Enum: state doesn't contain a variant value of 3
`,
  ],
  'unnecessary-cast': [
    `
begin { print((uint64)nsecs); }
              ~~~~~~~~ Unnecessary cast: expression is already of type uint64
`,
    `
begin { $a = (int8)1; if comptime (sizeof($a) == 1) { $a = nsecs; } }
             ~~~~~~ Unnecessary cast: expression is already of type int8
                                                      ~~~~~~~~~~ Type mismatch for $a: this type has been locked because it was used in another part of the type graph that was already resolved (e.g. \`sizeof\`, \`typeinfo\`, etc.). The new type 'uint64' doesn't fit into the locked type 'int8'
`,
    `
begin { @a = (int8)1; if comptime (sizeof(@a) == 1) { @a = nsecs; } }
             ~~~~~~ Unnecessary cast: expression is already of type int8
                                                      ~~~~~~~~~~ Type mismatch for @a: this type has been locked because it was used in another part of the type graph that was already resolved (e.g. \`sizeof\`, \`typeinfo\`, etc.). The new type 'uint64' doesn't fit into the locked type 'int8'
`,
  ],
  'doubtful-cast': [
    `
begin { $a = (int64)pid; print($a < nsecs); }
                                    ~~~~~ ${doubt('uint64', 'int64')}
`,
    `
begin { $b = -1; let $a : uint16 = $b; let $c : int64 = nsecs; let $d : uint8; $d = pid; }
                                   ~~ ${doubt('int8', 'uint16')}
                                                        ~~~~~ ${doubt('uint64', 'int64')}
                                                                                    ~~~ ${doubt('uint32', 'uint8')}
`,
    `
begin { @a = nsecs; @a = -1; @k[nsecs] = 1; @k[-1] = 2; }
             ~~~~~ ${doubt('uint64', 'int64')}
                                ~~~~~ ${doubt('uint64', 'int64')}
`,
    `
begin { print(pid ? nsecs : -1); $t = (nsecs, "a"); $t = (-1, "bc"); }
                    ~~~~~ ${doubt('uint64', 'int64')}
                                       ~~~~~ ${doubt('uint64', 'int64')}
`,
    `
fn f($x : uint8) : int16 { return nsecs; } begin { $n = 5; $y = f($n) + (int64)f(1); $n = -1; }
                                  ~~~~~ ${doubt('uint64', 'int16')}
`,
  ],
  'distinct-pointers': [
    `
begin { $a = (int8 *)0; $b = (int32 *)0; print($a == $b); }
                                               ~~~~~~~~ comparison of distinct pointer types: int8, int32
`,
  ],
  'value-discarded': [
    `
begin { ksym(1); $a = 1; }
        ~~~~~~~ Return value discarded.
`,
    `
begin { ksym(1) }
        ~~~~~~~ Return value discarded.
`,
    `
begin { $a = 1; $a + 1; { 2 } if (pid) { 3 } else { 4 } $a++; _ = { 5 }; pid ? print(1) : print(2); delete(@m, 1); @m[1] = 1; }
                ~~~~~~ Return value discarded.
                          ~ Return value discarded.
                                         ~ Return value discarded.
                                                    ~ Return value discarded.
`,
  ],
  'locked-type': [
    `
begin { $a = pid; if comptime (sizeof($a) == 4) { $a = nsecs; } }
                                                  ~~~~~~~~~~ Type mismatch for $a: this type has been locked because it was used in another part of the type graph that was already resolved (e.g. \`sizeof\`, \`typeinfo\`, etc.). The new type 'uint64' doesn't fit into the locked type 'uint32'
`,
  ],
};

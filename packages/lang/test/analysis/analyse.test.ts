/** What is wrong with programs, as pictures: the source, `~~~` under the place, and the message. */
import { suite, test } from 'node:test';
import { assertDiagnosed } from './analysed.ts';

suite('analyse reports', () => {
  test('unknown names', () => {
    assertDiagnosed(`
BEGIN { print(comn); prin(1); print(@y); print($x); }
                                               ~~ Undefined or undeclared variable: $x
`);
    assertDiagnosed(`
BEGIN { print(comn); prin(1); print(@y); }
              ~~~~ Unknown identifier: 'comn'
                     ~~~~ Unknown function: 'prin'
                                    ~~ Undefined map: @y
`);
  });

  test('unknown fields', () => {
    assertDiagnosed(`
tracepoint:syscalls:sys_enter_read { print(args.cuont); print(args.common_pid); print(pid.x); }
                                                ~~~~~ Struct/union of type 'struct _tracepoint_syscalls_sys_enter_read' does not contain a field named 'cuont'
                                                                   ~~~~~~~~~~ BPF does not support accessing common tracepoint fields
                                                                                      ~~~~~ Can not access field 'x' on expression of type 'uint32'
`);
  });

  test('values of two types in one place', () => {
    assertDiagnosed(`
BEGIN { $x = 1; $x = "a"; @m = 1; @m = "a"; @c = count(); @c = 5; @h = hist(1); @h = sum(1); }
                ~~~~~~~~ Type mismatch for $x: trying to assign value of type 'string[2]' when variable already has a type 'int8'
                                  ~~~~~~~~ Type mismatch for @m: trying to assign value of type 'string[2]' when map already has a type 'int8'
                                                          ~~~~~~ Type mismatch for @c: trying to assign value of type 'int8' when map already has a type 'count_t'
                                                                                     ~~~~~~ Type mismatch for @h: trying to assign value of type 'sum_t' when map already has a type 'hist_t'
`);
  });

  test('keys that do not go together', () => {
    assertDiagnosed(`
BEGIN { @a = 1; @a[1] = 2; @b[1] = 1; @b["x"] = 1; @b[1, 2] = 1; }
                ~~~~~ @a used as a map with an explicit key (non-scalar map), previously used without an explicit key (scalar map)
                                      ~~~~~~~ Argument mismatch for @b: trying to access with arguments: 'string[2]' when map expects arguments: 'int8'
                                                   ~~~~~~~~ Argument mismatch for @b: trying to access with arguments: '(int8,int8)' when map expects arguments: 'int8'
`);
  });

  test('aggregations in the wrong place', () => {
    assertDiagnosed(`
BEGIN { $x = count(); print(sum(1)); @a = count(); @b = @a; @c = stats(1); @d = @c; }
             ~~~~~~~ count() must be assigned directly to a map
                            ~~~~~~ sum() must be assigned directly to a map
                                                   ~~~~~~~ Map value 'count_t' cannot be assigned from one map to another. The function that returns this type must be called directly e.g. \`@b = count();\`.
                                                                           ~~~~~~~ Map value 'stats_t' cannot be assigned from one map to another. The function that returns this type must be called directly e.g. \`@d = stats(arg2);\`.
`);
  });

  test('arguments of aggregations', () => {
    assertDiagnosed(`
BEGIN { @a = sum("x"); @b = hist(1, 9); @c = lhist(1, 5, 5, 1); @d = lhist(1, 0, 5000, 1); @e = count(1); @f = lhist(1, 0, pid, 1); }
             ~~~~~~~~ sum() only supports integer arguments (string[2] provided)
                            ~~~~~~~~~~ hist: bits 9 must be 0..5
                                             ~~~~~~~~~~~~~~~~~ lhist() min must be less than max (provided min 5 and max 5)
                                                                     ~~~~~~~~~~~~~~~~~~~~ lhist() too many buckets, must be <= 1000 (would need 5000)
                                                                                                ~~~~~~~~ count() requires no arguments (1 provided)
                                                                                                               ~~~~~~~~~~~~~~~~~~~ lhist() expects a int literal (int provided)
`);
    assertDiagnosed(`
BEGIN { @ = hist(1, 2); @ = hist(1, 3); }
                            ~~~~~~~~~~ Different bits in a single hist unsupported
`);
  });

  test('formats that do not fit their arguments', () => {
    assertDiagnosed(`
BEGIN { printf("%d"); printf("%d", comm); printf("x", 1); printf("%f", 1); printf("%r", comm); printf(comm); }
        ~~~~~~~~~~~~ not enough arguments for format string (0 supplied, 1 expected)
                      ~~~~~~~~~~~~~~~~~~ unsupported format specifier for type 'string[16]': d
                                          ~~~~~~~~~~~~~~ too many arguments for format string (1 supplied, 0 expected)
                                                          ~~~~~~~~~~~~~~~ unsupported format specifier: f
                                                                           ~~~~~~~~~~~~~~~~~~ unsupported format specifier for type 'string[16]': r
                                                                                               ~~~~~~~~~~~~ printf() expects a string literal (string provided)
`);
  });

  test('calls with the wrong arguments', () => {
    assertDiagnosed(`
BEGIN { print(); clear(1); $s = str((1, 2)); @ = kstack(2000); @k = ustack(odd); exit("x"); }
        ~~~~~~~ print() requires at least one argument (0 provided)
                       ~ clear() expects a map argument
                                ~~~~~~~~~~~ str() expects a string, integer or a pointer type as first argument ((int8,int8) provided)
                                                 ~~~~~~~~~~~~ kstack([int limit]): limit shouldn't exceed 1024, 2000 given
                                                                    ~~~~~~~~~~~ Error parsing stack mode: Unknown stack mode: odd
                                                                                 ~~~~~~~~~ exit() only supports int arguments (string[2] provided)
`);
    assertDiagnosed(`
BEGIN { @ = kstack(build_id); @k = ustack(build_id, 1001); }
            ~~~~~~~~~~~~~~~~ kstack: the stack mode build_id is for ustack only
                                   ~~~~~~~~~~~~~~~~~~~~~~ ustack([int limit]): limit shouldn't exceed 1000, 1001 given
`);
  });

  test('unsafe functions in safe mode', () => {
    assertDiagnosed(`
profile:hz:1 { system("ls"); signal(9); }
               ~~~~~~~~~~~~ system() is an unsafe function being used in safe mode
                             ~~~~~~~~~ signal() is unsafe. To use you need the --unsafe flag
`);
    assertDiagnosed('BEGIN { system("ls"); }', { unsafe: true });
  });

  test('builtins that a probe does not have', () => {
    assertDiagnosed(`
tracepoint:raw_syscalls:sys_enter { print(arg0); print(retval); print(func); print(reg("di")); }
                                          ~~~~ The arg0 builtin can only be used with 'kprobes', 'uprobes' and 'usdt' probes
                                                       ~~~~~~ The retval builtin can only be used with 'kretprobe' and 'uretprobe' and 'fentry' probes (try to use args.ret instead)
                                                                      ~~~~ The func builtin can not be used with 'tracepoint' probes
                                                                                   ~~~~~~~~~ reg can not be used with "tracepoint" probes
`);
    assertDiagnosed(`
kprobe:vfs_read { print(arg7); print(args.x); print(reg("zz")); }
                        ~~~~ x86_64 doesn't support arg7
                                     ~~~~ The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and uprobe probes (kprobe used here)
                                                    ~~~~~~~~~ 'zz' is not a valid register on this architecture (x86_64)
`);
    assertDiagnosed(`
usdt:/usr/local/bin/tracetest:testprobe { print(arg1); }
                                                ~~~~ usdt:/usr/local/bin/tracetest:tracetest:testprobe has no arg1: it has 1 arguments
`);
  });

  test('operands that do not go together', () => {
    assertDiagnosed(`
BEGIN { if (comm == 1) { } print("a" < comm); print(-comm); print(comm ? 1 : 2); print(pid ? 1 : "a"); }
            ~~~~~~~~~ Type mismatch for '==': comparing string[16] with int8
                                 ~~~~~~~~~~ The < operator can not be used on expressions of types string[2], string[16]
                                                    ~~~~~ The - operator can not be used on expressions of type 'string[16]'
                                                                  ~~~~ Invalid condition: string
                                                                                       ~~~~~~~~~~~~~ Branches must return the same type or compatible types: have 'int8' and 'string[2]'
`);
  });

  test('casts and names of types', () => {
    assertDiagnosed(`
BEGIN { print((uint32)comm); print((nonsense)pid); print((struct task_struct *)pid); }
              ~~~~~~~~ Cannot cast from "string[16]" to "uint32"
                                    ~~~~~~~~ Cannot resolve unknown type "nonsense"
                                                          ~~~~~~~~~~~~~~~~~~~~ Cannot resolve unknown type "struct task_struct"
`);
  });

  test('constants without a value', () => {
    assertDiagnosed(`
BEGIN { print(1 / 0); print(pid % !5); print(0xffffffffffffffff + 1); print("a" - "b"); print(kaddr("nope")); }
              ~~~~~ unable to fold literals due to overflow or underflow
                            ~~~~~~~~ division by zero
                                             ~~~~~~~~~~~~~~~~~~~~~~ unable to fold literals due to overflow or underflow
                                                                            ~~~~~~~~~ illegal literal operation with strings
                                                                                              ~~~~~~~~~~~~~ Failed to resolve kernel symbol: nope
`);
    assertDiagnosed(`
BEGIN { unroll(0) { } unroll(101) { } unroll(pid) { } print("ab" + 2); }
                                                            ~~~~~~~~ literal string will always be empty
        ~~~~~~~~~~~~~ unroll minimum value is 1
                      ~~~~~~~~~~~~~~~ unroll maximum value is 100
                                      ~~~~~~~~~~~~~~~ invalid unroll value
`);
  });

  test('indices out of bounds', () => {
    assertDiagnosed(`
tracepoint:raw_syscalls:sys_enter { print(args.args[6]); $t = (1, 2); print($t.2); print(pid.0); print(pid[0]); }
                                          ~~~~~~~~~~~~ the index 6 is out of bounds for array of size 6
                                                                            ~~~~ Invalid tuple index: 2. Found 2 elements in tuple.
                                                                                         ~~~~~ Can not access index '0' on expression of type 'uint32'
                                                                                                       ~~~~~~ The array index operator [] can only be used on arrays, pointers, and tuples, found uint32.
`);
  });

  test('jumps and statements that lead nowhere', () => {
    assertDiagnosed(`
BEGIN { break; }
        ~~~~~~ 'break' statement is not allowed outside of a loop
`);
    assertDiagnosed(`
BEGIN { exit(); print(1); }
                ~~~~~~~~~ Unreachable statement.
`);
  });

  test('variables and their scopes', () => {
    assertDiagnosed(`
BEGIN { if (pid) { let $x = 1; } print($x); let $y; let $y; print($y); }
                                       ~~ Undefined or undeclared variable: $x
                                                    ~~~~~~ Variable $y was already declared. Variable shadowing is not allowed.
                                                                  ~~ Variable used before it was assigned: $y
                                                ~~ Variable $y was never assigned to.
`);
  });

  test('nothing is doubted of literals, what only they were assigned to, and differences', () => {
    assertDiagnosed(
      'BEGIN { $a = 1; print($a < nsecs); @b = 0; @b--; $c = nsecs - 5; $d = nsecs * 2; $e = nsecs - elapsed; }\n',
    );
  });

  test('doubtful comparisons and values that nobody uses', () => {
    assertDiagnosed(`
BEGIN { if (nsecs > (nsecs - 5)) { } }
            ~~~~~ Expression of type: uint64 being cast to type: int64. This may cause unexpected results. Use an explicit cast to suppress this warning.
`);
    assertDiagnosed(`
BEGIN { str(pid); print((uint32)pid); }
        ~~~~~~~~ Return value discarded.
                        ~~~~~~~~ Unnecessary cast: expression is already of type uint32
`);
  });

  test('what is not supported yet', () => {
    assertDiagnosed(`
BEGIN { print(elapsed("f")); }
              ~~~~~~~~~~~~ function 'elapsed' is not supported yet
`);
  });

  test('loops over what is no range of integers', () => {
    assertDiagnosed(`
BEGIN { for ($i : "a"..comm) { } for ($j : 0..5) { exit(); } }
                  ~~~ Loop range requires an integer for the start value
                       ~~~~ Loop range requires an integer for the end value
                                                   ~~~~~~ 'exit' is not allowed in a loop
`);
  });

  test('map declarations that do not fit', () => {
    assertDiagnosed(`
let @a = heap(5); let @b = hash(5); let @c = lruhash(5); let @d = percpuhash(9); BEGIN { @a = 1; @c = count(); @d[1] = count(); }
         ~~~~ Invalid bpf map type: heap
                  ~~~~~~~~~~~~~~~~~ Unused map: @b
                                    ~~~~~~~~~~~~~~~~~~~~ Incompatible map types. Type from declaration: lruhash. Type from value/key type: percpuhash
`);
  });

  test('the faults of a wildcard once', () => {
    assertDiagnosed(`
kprobe:vfs_* { print(comn); }
                     ~~~~ Unknown identifier: 'comn'
`);
  });

  test('missing parameters, as a warning', () => {
    assertDiagnosed(`
BEGIN { print($1); }
              ~~ Positional parameter $1 is empty or not provided.
`);
  });
});

/** Examples of calls.ts. */
import type { Examples } from './example.ts';

export const calls: Examples = {
  'wrong-argument-count': [
    `
begin { strlen(); }
        ~~~~~~~~ strlen() requires one argument (0 provided)
`,
    `
begin { print(strncmp("a", "b")); }
              ~~~~~~~~~~~~~~~~~ strncmp() requires 3 arguments (2 provided)
`,
    `
begin { exit(1, 2); }
        ~~~~~~~~~~ exit() takes up to one argument (2 provided)
`,
    `
begin { @ = count(1); }
            ~~~~~~~~ count() requires no arguments (1 provided)
`,
  ],
  'invalid-call': [
    `
begin { print(ksym("a")); }
              ~~~~~~~~~ ksym() expects an integer or pointer argument
`,
    `
begin { print(kstack("perf")); }
              ~~~~~~~~~~~~~~ kstack: invalid limit value
`,
    `
begin { @ = lhist(1, 10, 0, 1); }
            ~~~~~~~~~~~~~~~~~~ lhist() min must be less than max (provided min 10 and max 0)
`,
    `
begin { @x = 1; print(len(@x)); }
                      ~~~~~~~ call to len() expects a map with explicit keys (non-scalar map)
`,
    `
begin { print(pid(1)); }
                  ~ pid() expects the name of a mode as its argument
`,
    `
begin { print(nsecs("a")); }
                    ~~~ nsecs() expects the name of a mode as its argument
`,
    `
begin { print(strlen(1)); }
              ~~~~~~~~~ string-like values must be either strings, arrays or pointers
`,
  ],
  'wrong-argument-type': [
    `
begin { @ = sum("a"); }
            ~~~~~~~~ sum() only supports integer arguments (string[2] provided)
`,
    `
begin { exit("a"); }
        ~~~~~~~~~ exit() only supports int arguments (string[2] provided)
`,
    `
fn f($a : int64) : int64 { return $a; }
begin { print(f("a")); }
                ~~~ Function f takes int64 as $a, not string[2]
`,
    `
fn f($a : struct load) : int64 { return 1; }
begin { print(f(1)); }
                ~ Function f takes struct load as $a, not int8
`,
  ],
  'literal-expected': [
    `
begin { @ = lhist(1, 0, nsecs, 10); }
            ~~~~~~~~~~~~~~~~~~~~~~ lhist() expects a int literal (int provided)
`,
    `
begin { printf(comm); }
        ~~~~~~~~~~~~ printf() expects a string literal (string provided)
`,
    `
begin { fail("%d", nsecs); }
        ~~~~~~~~~~~~~~~~~ fail() arguments need to be literals
`,
    `
begin { fail(1); }
        ~~~~~~~ first argument to fail() must be a string literal
`,
  ],
  'map-expected': [
    `
begin { $x = 1; clear($x); }
                      ~~ clear() expects a map argument
`,
  ],
  'bad-format': [
    `
begin { printf("%d", "a"); }
        ~~~~~~~~~~~~~~~~~ unsupported format specifier for type 'string[2]': d
`,
    `
begin { printf("%d %d\\n", 1); }
        ~~~~~~~~~~~~~~~~~~~~ not enough arguments for format string (1 supplied, 2 expected)
`,
  ],
  'unsafe-call': [
    `
begin { system("ls"); }
        ~~~~~~~~~~~~ system() is an unsafe function being used in safe mode
`,
  ],
  'file-on-fleet': [
    {
      picture: `
fentry:vfs_read { $r = skboutput("f", args.file, 1, 0); }
                       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ skboutput() leaves a file on the traced host, which a run on a fleet may not
`,
      onFleet: true,
    },
    {
      picture: `
config = { missing_probes = ignore } begin { } iter:task:tasks { }
                                               ~~~~~~~~~~~~~~~ a pinned iterator leaves a file on the traced host, which a run on a fleet may not
`,
      onFleet: true,
    },
  ],
  'aggregation-not-assigned': [
    `
begin { $x = count(); }
             ~~~~~~~ count() must be assigned directly to a map
`,
    `
begin { print(hist(1)); }
              ~~~~~~~ hist() must be assigned directly to a map
`,
  ],
  'exit-in-loop': [
    `
begin { for ($i : 0..5) { exit(); } }
                          ~~~~~~ 'exit' is not allowed in a loop
`,
  ],
  'builtin-unavailable': [
    `
begin { print(retval); }
              ~~~~~~ The retval builtin can only be used with 'kretprobe' and 'uretprobe' and 'fentry' probes
`,
    `
begin { print(args); }
              ~~~~ The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and uprobe probes (begin used here)
`,
    `
begin { print(arg0); }
              ~~~~ The arg0 builtin can only be used with 'kprobes', 'uprobes' and 'usdt' probes
`,
    `
begin { print(str(arg0, 5000)); }
                  ~~~~ The arg0 builtin can only be used with 'kprobes', 'uprobes' and 'usdt' probes
              ~~~~~~~~~~~~~~~ length param (5000) is too long and will be shortened to 1024 bytes (see BPFTRACE_MAX_STRLEN)
`,
    `
fn f($a : int64) : int64 { return $a + arg0; }
                                       ~~~~ Builtin __builtin_arg0 not supported outside probe
begin { print(f(1)); }
`,
  ],
  'print-in-loop': [
    `
begin { @x = 1; for ($i : 0..5) { print(@x); } }
                                  ~~~~~~~~~ Due to it's asynchronous nature using 'print()' in a loop can lead to unexpected behavior. The map will likely be updated before the runtime can 'print' it.
`,
  ],
  'ignored-print-arguments': [
    `
begin { @x[1] = stats(5); print(@x, 3); }
                          ~~~~~~~~~~~~ print()'s top and div arguments are ignored when used on stats() maps.
`,
  ],
  'debug-output': [
    `
begin { debugf("a\\n"); }
        ~~~~~~~~~~~~~ The debugf() builtin is not recommended for production use. For more information see bpf_trace_printk in bpf-helpers(7).
`,
  ],
  'length-shortened': [
    `
uprobe:/lib/x86_64-linux-gnu/libc.so.6:malloc { print(str(arg0, 5000)); }
                                                      ~~~~~~~~~~~~~~~ length param (5000) is too long and will be shortened to 1024 bytes (see BPFTRACE_MAX_STRLEN)
`,
    `
config = { max_strlen = 64 } uprobe:/lib/x86_64-linux-gnu/libc.so.6:malloc { print(str(arg0, 65)); }
                                                                                   ~~~~~~~~~~~~~ length param (65) is too long and will be shortened to 64 bytes (see BPFTRACE_MAX_STRLEN)
`,
  ],
};

/** The help of `bpfleet local`. */

export const LOCAL_USAGE = `bpfleet local: bpftrace programs on this machine

USAGE:
    bpfleet local [options] FILE [parameters]
    bpfleet local [options] -e 'program' [parameters]
    bpfleet local [options] -                     program from standard input

OPTIONS:
    -e 'program'          run this program
    -l, --list [PATTERN|FILE]
                          list kernel probes, or those of a program
    -v, --verbose         say more; with -l, show the arguments of probes
    -p, --pid PID         trace this process only
    -c, --cmd COMMAND     run COMMAND, trace it, end with it
    -o, --output FILE     write what the program prints to FILE
    -f FORMAT             'text' or 'json'
    -B MODE               buffer output by 'line', 'full' or 'none'
    -q, --quiet           print only what the program prints
    -k, --warnings        also warn of failed reads and map look-ups
    --no-warnings         no warnings at all
    --test                run the test: probes, and nothing else
    --bench               measure the bench: probes, and nothing else
    --mode MODE           'test' or 'bench', as above
    --probe-filter REGEX  only the probes whose names match
    --unsafe              allow functions that change the system
    --dry-run             compile and load, then end
    -d, --debug STAGE[,STAGE]
                          show ast, types, ir, asm, verifier or all
    --info                what this kernel offers
    -V, --version         the version
    -h, --help            this text

EXAMPLES:
    bpfleet local -l 'tracepoint:syscalls:sys_enter_*'
        list probes
    bpfleet local -lv tracepoint:syscalls:sys_enter_openat
        list a probe with its arguments
    bpfleet local -e 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }'
        count system calls by command until Ctrl-C
    bpfleet local -e 'tracepoint:syscalls:sys_exit_read { @bytes = hist(args.ret); }' -p 1234
        histogram of what one process reads
`;

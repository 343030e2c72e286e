/** The help of `bpfleet local`. */

export const LOCAL_USAGE = `bpfleet local: bpftrace programs on this machine

USAGE:
    bpfleet local [options] FILE [parameters]
    bpfleet local [options] -e 'program' [parameters]
    bpfleet local [options] -                     program from standard input
    named parameters, --name=value, follow --

OPTIONS:
    -e 'program'          run this program
    -l, --list [PATTERN|FILE]
                          list kernel probes, or those of a program
    -v, --verbose         say more; with -l, show the arguments of probes
    -p, --pid PID         trace this process only
    -c, --cmd COMMAND     run COMMAND, trace it, end with it
    --container NAME      only processes in this container: its name or id, or a systemd unit
    --cgroup PATH         only processes in this control group and those below it
    --usdt-file-activation
                          raise semaphores of USDT probes in the file, for all processes
    --dwarf-pid PID       unwind the stacks of this process too
    -o, --output FILE     write what the program prints to FILE
    -f FORMAT             'text' or 'json'
    -B MODE               buffer output by 'line', 'full' or 'none'
    -q, --quiet           print only what the program prints
    -k, --warnings        also warn of failed reads and map look-ups
    --no-warnings         no warnings at all
    -I DIR                look for included files here too
    --include FILE        include FILE before the program
    --debuginfo DIR[:DIR] look for debug files here first
    --traceable-functions FILE
                          read the list of traceable kernel functions from FILE
    --unsafe              allow functions that change the system
    --no-feature NAME[,NAME]
                          do without kprobe_multi, kprobe_session, uprobe_multi, kprobe,
                          fentry, map_batch …; a wrong name lists them all
    --test                run the test: probes, and nothing else
    --bench               measure the bench: probes, and nothing else
    --fmt                 print the program laid out anew, or write it to the file of -o
    --mode MODE           'test', 'bench' or 'format', as above; 'codegen' compiles
                          and ends, 'compiler-bench' measures that
    --probe-filter REGEX  only the probes whose names match
    --aot FILE            write an executable that runs the program
    --dry-run             attach the probes, then end
    -d, --debug STAGE[,STAGE]
                          show ast, types, ir, asm, verifier or all
    --info                what this build and this kernel offer
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

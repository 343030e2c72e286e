/** Attach points for random programs: one or more of each kind of context, with what can be read there. */

export interface ProbeChoice {
  readonly attachPoint: string;
  /** Expressions that give an integer here and nowhere else. */
  readonly integers: readonly string[];
  readonly strings: readonly string[];
  /** Stacks can be taken. */
  readonly stacks: boolean;
}

const none = { integers: [], strings: [], stacks: false };

export const PROBES: readonly ProbeChoice[] = [
  { ...none, attachPoint: 'BEGIN' },
  { ...none, attachPoint: 'END' },
  { ...none, attachPoint: 'self:signal:SIGUSR1' },
  { ...none, attachPoint: 'interval:s:1', stacks: true },
  { ...none, attachPoint: 'profile:hz:99', integers: ['reg("ip")'], stacks: true },
  { ...none, attachPoint: 'software:cpu-clock:1000000', integers: ['reg("sp")'], stacks: true },
  {
    attachPoint: 'tracepoint:syscalls:sys_enter_openat',
    integers: ['args.dfd', 'args.flags', 'args.mode', '(uint64)args.filename'],
    strings: ['str(args.filename)', 'str(args.filename, 20)'],
    stacks: true,
  },
  {
    attachPoint: 'tracepoint:syscalls:sys_exit_read',
    integers: ['args.ret', 'args->ret'],
    strings: [],
    stacks: true,
  },
  {
    attachPoint: 'tracepoint:sched:sched_switch',
    integers: ['args.prev_pid', 'args.next_prio', 'args.prev_state'],
    strings: ['args.prev_comm', 'args.next_comm'],
    stacks: true,
  },
  { ...none, attachPoint: 'rawtracepoint:sched_switch', integers: ['arg0', 'arg1'], stacks: true },
  {
    attachPoint: 'uprobe:/bin/bash:readline',
    integers: ['arg0', 'arg5', 'reg("ip")', 'usermode'],
    strings: ['str(arg0)', 'str(arg0, 32)'],
    stacks: true,
  },
  {
    attachPoint: 'uretprobe:/bin/bash:readline',
    integers: ['retval', 'reg("ax")'],
    strings: ['str(retval)'],
    stacks: true,
  },
];

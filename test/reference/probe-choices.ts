/** Attach points for random programs: one or more of each kind of context, with what can be read there. */

export interface ProbeChoice {
  readonly attachPoint: string;
  /** Expressions that give an integer here and nowhere else. */
  readonly integers: readonly string[];
  readonly strings: readonly string[];
  /** Stacks can be taken. */
  readonly stacks: boolean;
  /** A signal can be sent. */
  readonly signals?: boolean;
  /** Attached with this. */
  readonly feature?: keyof ProbeFeatures;
}

/** What not all kernels have. */
export interface ProbeFeatures {
  readonly kprobe: boolean;
  readonly fentry: boolean;
}

export function probesWith(features: ProbeFeatures): readonly ProbeChoice[] {
  return PROBES.filter(({ feature }) => feature === undefined || features[feature]);
}

const none = { integers: [], strings: [], stacks: false };

const PROBES: readonly ProbeChoice[] = [
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
    signals: true,
  },
  {
    attachPoint: 'tracepoint:syscalls:sys_exit_read',
    integers: ['args.ret', 'args->ret'],
    strings: [],
    stacks: true,
    signals: true,
  },
  {
    attachPoint: 'tracepoint:sched:sched_switch',
    integers: ['args.prev_pid', 'args.next_prio', 'args.prev_state'],
    strings: ['args.prev_comm', 'args.next_comm'],
    stacks: true,
    signals: true,
  },
  {
    ...none,
    attachPoint: 'rawtracepoint:sched_wakeup',
    integers: ['args.p.pid', 'args.p->mm.map_count', '(uint64)args.p'],
    strings: ['args.p.comm', 'args.p->parent.comm'],
    stacks: true,
  },
  { ...none, attachPoint: 'test:case_NUMBER' },
  { ...none, attachPoint: 'bench:case_NUMBER' },
  { ...none, attachPoint: 'rawtracepoint:sched_switch', integers: ['arg0', 'arg1'], stacks: true },
  {
    attachPoint: 'uprobe:/bin/bash:readline',
    integers: ['arg0', 'arg5', 'reg("ip")', 'usermode'],
    strings: ['str(arg0)', 'str(arg0, 32)'],
    stacks: true,
    signals: true,
  },
  {
    attachPoint: 'uretprobe:/bin/bash:readline',
    integers: ['retval', 'reg("ax")'],
    strings: ['str(retval)'],
    stacks: true,
    signals: true,
  },
  {
    attachPoint: 'kprobe:vfs_read',
    integers: ['arg0', 'arg2', '((struct file *)arg0)->f_flags', 'reg("ip")'],
    strings: ['str(arg1)', 'str(uptr(arg1), 20)', 'comm'],
    stacks: true,
    signals: true,
    feature: 'kprobe',
  },
  {
    attachPoint: 'kretprobe:vfs_read',
    integers: ['retval', 'usermode'],
    strings: [],
    stacks: true,
    signals: true,
    feature: 'kprobe',
  },
  {
    attachPoint: 'fentry:vfs_read',
    integers: ['args.count', 'args.file->f_flags', 'args.file.f_inode.i_ino', '(uint64)args.buf'],
    strings: ['str(args.buf, 8)', 'str(args.file.f_path.dentry.d_name.name)'],
    stacks: true,
    signals: true,
    feature: 'fentry',
  },
  {
    attachPoint: 'fexit:vfs_read',
    integers: ['retval', 'args.count'],
    strings: [],
    stacks: true,
    signals: true,
    feature: 'fentry',
  },
];

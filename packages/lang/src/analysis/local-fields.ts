/**
 * Fields of structs and arguments of probes that mean something on one host only. C types do not say so: a process id is an int
 * like any other, `pid_t` in one struct and `__u32` in the next. The kernel's names do: `prev_pid`, `tgid`, `dest_cpu`, `start_time`.
 */

const LOCAL_NAMES: readonly RegExp[] = [
  /^(.*_)?([pt]|tg|pp|pg)id$/,
  /^(.*_)?cpu(_id)?$/,
  /^(.*_)?(cgroup_id|cgrp_id|cgid)$/,
  /^(.*_)?(ktime|timestamp|start_time|start_boottime|jiffies)$/,
];

export function isLocalField(name: string): boolean {
  return LOCAL_NAMES.some((pattern) => pattern.test(name));
}

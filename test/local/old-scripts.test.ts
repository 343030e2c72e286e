/** Ways in which scripts were written since 2018; each loads as it is. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const IDIOMS: readonly (readonly [string, string])[] = [
  [
    'headers of the kernel, and arrows into args',
    `#!/usr/bin/env bpftrace
#include <linux/sched.h>
#include <linux/fs.h>
#include <uapi/linux/ptrace.h>
BEGIN { printf("%-6s %s\\n", "PID", "COMM"); }
tracepoint:syscalls:sys_enter_openat { @name[tid] = args->filename; }
tracepoint:syscalls:sys_exit_openat /@name[tid]/ {
  printf("%d %s %d\\n", pid, str(@name[tid]), args->ret >= 0 ? 0 : -args->ret);
  delete(@name[tid]);
}
END { clear(@name); }`,
  ],
  [
    'address families chosen by headers or by hand',
    `#ifndef BPFTRACE_HAVE_BTF
#include <linux/socket.h>
#include <net/sock.h>
#else
#define AF_INET 2
#define AF_INET6 10
#endif
tracepoint:sock:inet_sock_set_state {
  if (args->family == AF_INET) { @[ntop(args->saddr)] = count(); }
  if (args->family == AF_INET6) { @[ntop(args->saddr_v6)] = count(); }
}`,
  ],
  [
    'structs of the script',
    `struct request_head { unsigned int kind:4, flags:12; unsigned short id; char name[16]; struct request_head *next; };
BEGIN { $r = (struct request_head *)0; @[$r->kind, $r->name] = count(); print($r->next->id); }`,
  ],
  [
    'a struct of the kernel made anew',
    `struct list_head { struct list_head *next, *prev; };
struct my_task { struct list_head tasks; volatile long state; void *stack; };
BEGIN { $t = (struct my_task *)curtask; print($t->tasks.next != $t->tasks.prev); print($t->state); }`,
  ],
  [
    'curtask cast once more, and struct left out',
    `#include <linux/sched.h>
BEGIN { $task = (struct task_struct *)curtask; $same = (task_struct *)curtask;
  printf("%d %d\\n", $task->real_parent->pid, $same->tgid); }`,
  ],
  [
    'stack, name and short probe names',
    `t:sched:sched_switch { @[stack] = count(); @n[name] = count(); @u[ustack(3)] = count(); }
profile:hz:99 { @p[stack(2)] = count(); }
i:s:1 { print(@, 5); clear(@); exit(); }`,
  ],
  [
    'many probes with one block, spread over lines',
    `tracepoint:syscalls:sys_enter_read,
tracepoint:syscalls:sys_enter_write
/pid == $1 || comm == "cat"/
{
  @bytes[probe, comm] = hist(args->count);
}

tracepoint:syscalls:sys_enter_statfs, t:syscalls:sys_enter_statx, { @[probe] = count() }`,
  ],
  [
    'sums by hand, and arrays with names for numbers',
    `BEGIN { @why[1] = "read"; @why[2] = "write"; }
tracepoint:syscalls:sys_enter_read { @total = @total + args->count; @seen[@why[1]]++; @calls += 1; }
interval:s:1 { if (@total > 1024 * 1024) { printf("%d MB\\n", @total / 1048576); } @total = 0; time("%H:%M:%S\\n"); }`,
  ],
  [
    'times kept by thread',
    `tracepoint:syscalls:sys_enter_nanosleep { @start[tid] = nsecs; }
tracepoint:syscalls:sys_exit_nanosleep /@start[tid] != 0/ {
  $us = (nsecs - @start[tid]) / 1000;
  @us[comm] = lhist($us, 0, 10000, 100);
  @max = max($us); @[kstack(5), ustack(perf)] = avg($us);
  delete(@start[tid]);
}`,
  ],
  [
    'unrolled loops over pointers',
    `tracepoint:syscalls:sys_enter_execve {
  join(args->argv);
  $argv = args->argv; $i = 0;
  unroll(4) { if (*$argv) { printf("%s ", str(*$argv)); } $argv++; $i++; }
}`,
  ],
  [
    'units and macros of headers',
    `#include <linux/time.h>
#include <linux/kdev_t.h>
#define DIV 4
tracepoint:block:block_rq_issue { @[MAJOR(args->dev), MINOR(args->dev)] = sum(args->nr_sector * SECTOR_SIZE); }
interval:ms:100 { @s = nsecs / NSEC_PER_MSEC / DIV; }`,
  ],
  [
    'the struct around a member, found by counting back',
    `tracepoint:syscalls:sys_exit_openat {
  $parent = curtask->fs->pwd.dentry; $mount = curtask->fs->pwd.mnt;
  $outer = (struct mount *)((uint64)$mount - offsetof(struct mount, mnt));
  $parent = $outer->mnt_mountpoint;
  @[str($parent->d_name.name)] = count();
}`,
  ],
  [
    'places in a ring, taken in turn',
    `BEGIN { @turn[cpu] = (@turn[cpu] + 1) % 4; }
profile:hz:99 { @seen[cpu, @turn[cpu]] += 1; }`,
  ],
  [
    'what is done where a parameter is given',
    `BEGIN { if ($# == 1) { @only = str($1); printf("%s\\n", str($1)); } else { printf("all\\n"); exit(); } }
tracepoint:syscalls:sys_enter_read /comm == @only/ { @[pid, comm] = count(); }`,
  ],
  [
    'addresses and ports of packets',
    `#include <linux/in.h>
#include <linux/in6.h>
#include <net/sock.h>
tracepoint:skb:kfree_skb {
  $skb = (struct sk_buff *)args->skbaddr; $sk = (struct sock *)$skb->sk;
  $port = ($sk->__sk_common.skc_dport >> 8) | (($sk->__sk_common.skc_dport << 8) & 0x00FF00);
  if ($sk->__sk_common.skc_family == AF_INET6) {
    @[ntop(AF_INET6, $sk->__sk_common.skc_v6_daddr.in6_u.u6_addr8), $port] = count();
  } else { @[ntop(AF_INET, $sk->__sk_common.skc_daddr), $port] = count(); }
}`,
  ],
];

suite('scripts of all ages load', { skip: notRoot(), concurrency: 2 }, () => {
  for (const [name, program] of IDIOMS) {
    test(name, async () => {
      const { err, exitCode } = await local(['--dry-run', '--no-warnings', '-e', program, '1']);
      assert.doesNotMatch(err, /ERROR/);
      assert.equal(exitCode, 0);
    });
  }
  test('an address that was a number is read wherever it is', async () => {
    const { out } = await local([
      '-e',
      `tracepoint:syscalls:sys_enter_openat /comm == "cat"/ {
        $mount = curtask->fs->pwd.mnt;
        $outer = (struct mount *)((uint64)$mount - offsetof(struct mount, mnt));
        $number = (uint64)curtask;
        printf("%d %d %s\\n", $outer->mnt.mnt_root == $mount->mnt_root, ((struct task_struct *)$number)->tgid == pid,
          ((struct task_struct *)($number + 0))->comm);
        exit();
      }`,
      '-c',
      'cat /dev/null',
    ]);
    assert.equal(out.trim(), '1 1 cat');
  });
});

/** Which maps stay apart by host, and which merge. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed } from './analysed.ts';

function hostLocal(text: string): readonly string[] {
  return [...analysed(text).maps.values()].filter((map) => map.hostLocal).map((map) => map.name);
}

suite('host-local maps', () => {
  for (const key of [
    'pid',
    'tid',
    'cpu',
    'nsecs',
    'elapsed',
    'cgroup',
    'nsecs(monotonic)',
    'pid(init)',
    'comm, pid',
    'pid / 2',
    '(uint64)tid',
    'pid > 5 ? pid : 0',
    '-tid',
  ]) {
    test(`are those keyed by ${key}`, () => {
      assert.deepEqual(hostLocal(`BEGIN { @[${key}] = count(); }`), ['@']);
    });
  }

  for (const key of [
    'comm',
    'uid',
    'gid',
    'username',
    'container',
    'pod, namespace',
    '"text"',
    '5',
    'kstack',
    'ustack',
    'comm, kstack(3)',
    'pid == 5',
    'rand',
    'probe',
    'pid > 5 ? "many" : "few"',
    'ksym(5)',
  ]) {
    test(`are not those keyed by ${key}`, () => {
      assert.deepEqual(hostLocal(`BEGIN { @[${key}] = count(); }`), []);
    });
  }

  test('arise through variables, tuples and other maps', () => {
    const text = 'BEGIN { $p = pid; $t = (1, $p); @x = $t; @[@x.1] = count(); }';
    assert.deepEqual(hostLocal(text), ['@x', '@']);
  });

  test('arise across probes, whatever their order', () => {
    assert.deepEqual(hostLocal('END { @[@last] = count(); } BEGIN { @last = tid; }'), [
      '@last',
      '@',
    ]);
  });

  const TASK = 'struct task { int pid; int prio; struct task *parent; }';
  for (const [key, local] of [
    ['pid', true],
    ['parent->pid + 1', true],
    ['prio', false],
  ] as const) {
    const are = local ? 'are' : 'are not';
    test(`${are} those keyed by ${key} of a struct`, () => {
      const text = `${TASK} kprobe:vfs_read { @[((struct task *)arg0)->${key}] = count(); }`;
      assert.deepEqual(hostLocal(text), local ? ['@'] : []);
    });
  }

  test('are those keyed by ids of processes and CPUs among the arguments of a probe', () => {
    assert.deepEqual(hostLocal('tracepoint:sched:sched_switch { @[args.prev_pid] = count(); }'), [
      '@',
    ]);
    assert.deepEqual(
      hostLocal('tracepoint:sched:sched_switch { @[args.prev_prio, args.next_comm] = count(); }'),
      [],
    );
  });

  test('are not those keyed by what a program calls so in a record of its own', () => {
    assert.deepEqual(
      hostLocal('BEGIN { $r = (tgid = 3, x = pid == 1); @[$r.tgid] = count(); }'),
      [],
    );
  });

  test('are those keyed by pointers, but not by the integers of arguments', () => {
    assert.deepEqual(hostLocal('fentry:vfs_read { @[args.file] = count(); }'), ['@']);
    assert.deepEqual(hostLocal('kprobe:vfs_read { @[arg2] = count(); }'), []);
    assert.deepEqual(hostLocal('kretprobe:vfs_read { @[retval] = count(); }'), []);
  });

  test('are not those keyed by text that a pointer leads to', () => {
    const text = 'tracepoint:syscalls:sys_enter_openat { @[str(args.filename)] = count(); }';
    assert.deepEqual(hostLocal(text), []);
  });

  test('are not those of durations, the difference of two times', () => {
    assert.deepEqual(
      hostLocal(
        'END { @took[comm] = nsecs - @start[tid]; @by[nsecs - @start[tid]] = count(); } BEGIN { @start[tid] = nsecs; }',
      ),
      ['@start'],
    );
  });

  test('are those of a time less a constant', () => {
    assert.deepEqual(hostLocal('BEGIN { @ago = nsecs - 5; @[nsecs - 5] = count(); }'), [
      '@ago',
      '@',
    ]);
  });

  test('are plain maps of such values, but not aggregations of them', () => {
    assert.deepEqual(hostLocal('BEGIN { @last = nsecs; @sum = sum(nsecs); }'), ['@last']);
  });
});

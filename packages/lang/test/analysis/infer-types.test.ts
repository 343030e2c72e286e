/** What variables and maps come to hold. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analysed, mapsOf, variablesOf } from './analysed.ts';

const maps: readonly (readonly [text: string, ...maps: string[]])[] = [
  ['BEGIN { @ = 1; }', '@ = int64'],
  ['BEGIN { @ = 1; @ = nsecs; }', '@ = uint64 on its host'],
  ['BEGIN { @ = -1; @ = nsecs; }', '@ = int64 on its host'],
  ['BEGIN { @++; }', '@ = uint64'],
  ['BEGIN { @--; }', '@ = int64'],
  ['BEGIN { @ += elapsed; }', '@ = uint64 on its host'],
  ['tracepoint:syscalls:sys_exit_read { @ += args.ret; }', '@ = int64'],
  ['BEGIN { @ = "a"; @ = "abc"; }', '@ = string[4]'],
  ['BEGIN { @[1, "a"] = 1; @[nsecs, "abc"] = 2; }', '@[(uint64,string[4])] = int64 on its host'],
  ['BEGIN { @[1] = 1; @[70000] = 1; }', '@[int32] = int64'],
  ['BEGIN { @ = (1, comm); }', '@ = (int8,string[16])'],
  ['BEGIN { @ = sum(5); @ = sum(-5); }', '@ = sum_t'],
  ['BEGIN { @ = sum(nsecs); }', '@ = usum_t'],
  [
    'BEGIN { @a = @b; } END { @b = @c; } interval:s:1 { @c = comm; }',
    '@a = string[16]',
    '@b = string[16]',
    '@c = string[16]',
  ],
  ['BEGIN { @c = count(); @a = 1; @a = @c; }', '@c = count_t', '@a = uint64'],
  ['BEGIN { @c = count(); @a = (int64)@c; }', '@c = count_t', '@a = int64'],
  ['BEGIN { @ = comm == "x"; }', '@ = bool'],
  ['BEGIN { @ = pid > 1 ? "yes" : "no"; }', '@ = string[4]'],
  ['BEGIN { @ = username; }', '@ = username_t'],
  ['BEGIN { @ = strftime("%H", nsecs) == strftime("%H", nsecs); }', '@ = bool'],
  ['kprobe:vfs_read { @[func] = count(); }', '@[ksym_t] = count_t'],
  ['uprobe:/lib/x86_64-linux-gnu/libc.so.6:malloc { @[func] = count(); }', '@[usym_t] = count_t'],
  ['fexit:vfs_read { @ = retval; }', '@ = int64'],
  ['fentry:vfs_read { @ = args.file; }', '@ = struct file * on its host'],
  ['tracepoint:sched:sched_switch { @[args.next_comm] = count(); }', '@[string[16]] = count_t'],
  [
    'tracepoint:sched:sched_process_exec { @[str(args.filename)] = count(); }',
    '@[string[1024]] = count_t',
  ],
  [
    'rawtracepoint:sched_switch { @ = args.preempt; @p[arg3] = count(); }',
    '@ = bool',
    '@p[uint64] = count_t',
  ],
];

const variables: readonly (readonly [text: string, ...variables: string[]])[] = [
  ['BEGIN { $x = 1; print($x); }', '$x: int8'],
  ['BEGIN { $x = 1; $x = 1000; }', '$x: int16'],
  ['BEGIN { $x = 1; $x++; }', '$x: int64'],
  ['BEGIN { $x = 1; $x = $x + 1; }', '$x: int64'],
  ['BEGIN { for ($i : 0..5) { $x = $i; } }', '$i: int64', '$x: int64'],
  ['BEGIN { @c = count(); $x = @c; }', '$x: uint64'],
  ['BEGIN { let $y; print($y); }', '$y: int64'],
  ['BEGIN { $n = sizeof(sizeof(comm)); }', '$n: uint64'],
  ['BEGIN { $t = curtask; }', '$t: struct task_struct *'],
  ['BEGIN { $x = nsecs / 1000; $y = nsecs - elapsed; }', '$x: uint64', '$y: int64'],
  ['BEGIN { $x = (uint8)pid; }', '$x: uint8'],
  ['BEGIN { let $x: uint16 = 7; $x += 1; }', '$x: uint16'],
  [
    'BEGIN { if (pid) { $x = 1; print($x); } else { $x = "a"; print($x); } }',
    '$x: int8',
    '$x#2: string[2]',
  ],
  ['BEGIN { $s = str((uint64)5, 10); }', '$s: string[11]'],
  ['BEGIN { $b = buf((uint64)5, 10); }', '$b: buffer[10]'],
  [
    'BEGIN { $t = (1, "a"); $a = $t.0; $b = $t.1; }',
    '$t: (int8,string[2])',
    '$a: int8',
    '$b: string[2]',
  ],
  ['BEGIN { $n = sizeof(uint32); $m = sizeof(comm); }', '$n: uint64', '$m: uint64'],
  ['BEGIN { $x = -pid; $y = ~pid; $z = !pid; }', '$x: int64', '$y: uint64', '$z: bool'],
  [
    'BEGIN { $p = (uint32 *)5; $q = $p + 1; $v = *$p; }',
    '$p: uint32 *',
    '$q: uint32 *',
    '$v: uint32',
  ],
];

suite('inferTypes', () => {
  for (const [text, ...expected] of maps) {
    test(`gives ${expected.join(', ')} for ${text}`, () => {
      assert.deepEqual(mapsOf(analysed(text)), expected);
    });
  }

  for (const [text, ...expected] of variables) {
    test(`gives ${expected.join(', ')} for ${text}`, () => {
      assert.deepEqual(variablesOf(analysed(text)), expected);
    });
  }

  test('gives maps that only count on a number', () => {
    const text = 'BEGIN { @a = @a + 1; @b[1] = 5 * @b[1]; @c = @c + (uint64)3; }';
    const expected = ['@a = int64', '@b[int8] = int64', '@c = uint64'];
    assert.deepEqual(mapsOf(analysed(text)), expected);
  });

  test('types every expression that is evaluated', () => {
    const { probes, types } = analysed('BEGIN { @ = pid + 1; }');
    const [statement] = probes[0]?.body.statements ?? [];
    assert.ok(statement?.kind === 'assignment' && statement.value.kind === 'binary');
    assert.deepEqual(types.get(statement.value), { kind: 'integer', size: 8, signed: false });
    assert.deepEqual(types.get(statement.value.left), { kind: 'integer', size: 4, signed: false });
  });
});

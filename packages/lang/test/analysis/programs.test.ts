/** The one-liners that everybody knows, each with the maps and probes it must come to. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withFentry } from '../targets/targets.ts';
import { analysed, mapsOf } from './analysed.ts';

const libc = '/lib/x86_64-linux-gnu/libc.so.6';

const programs: readonly (readonly [text: string, ...maps: string[]])[] = [
  [String.raw`BEGIN { printf("hello world\n"); }`],
  [
    String.raw`tracepoint:syscalls:sys_enter_openat { printf("%s %s\n", comm, str(args->filename)); }`,
  ],
  ['tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }', '@[string[16]] = count_t'],
  [
    'tracepoint:syscalls:sys_exit_read /pid == 18644/ { @bytes = hist(args->ret); }',
    '@bytes = hist_t',
  ],
  ['kretprobe:vfs_read { @bytes = lhist(retval, 0, 2000, 200); }', '@bytes = lhist_t'],
  [
    'kprobe:vfs_read { @start[tid] = nsecs; } kretprobe:vfs_read /@start[tid]/ ' +
      '{ @ns[comm] = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    '@start[uint32] = uint64 on its host',
    '@ns[string[16]] = hist_t',
  ],
  [
    'tracepoint:sched:sched* { @[probe] = count(); } interval:s:5 { exit(); }',
    '@[string[50]] = count_t',
  ],
  ['profile:hz:99 { @[kstack] = count(); }', '@[kstack] = count_t'],
  ['profile:hz:99 { @[stack] = count(); }', '@[kstack] = count_t'],
  ['tracepoint:sched:sched_switch { @[kstack] = count(); }', '@[kstack] = count_t'],
  ['tracepoint:block:block_rq_complete { @ = hist(args->nr_sector * 512); }', '@ = hist_t'],
  [String.raw`usdt:/usr/local/bin/tracetest:testprobe { printf("%d: time is %d\n", pid, arg0); }`],
  [
    `usdt:${libc}:libc:memory_arena_new ` +
      String.raw`{ printf("PID %d: created new arena at %p, size %d\n", pid, arg0, arg1); }`,
  ],
  [`uprobe:${libc}:malloc { @[comm, ustack(3)] = count(); }`, '@[(string[16],ustack)] = count_t'],
  [
    String.raw`tracepoint:syscalls:sys_enter_madvise /args->behavior == 4/ { printf("madvise DONTNEED called\n"); }`,
  ],
  [
    'tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; } tracepoint:syscalls:sys_exit_read /@start[tid]/ ' +
      '{ @ns[comm] = hist(nsecs - @start[tid]); delete(@start[tid]); }',
    '@start[uint32] = uint64 on its host',
    '@ns[string[16]] = hist_t',
  ],
];

suite('analyse', () => {
  for (const [text, ...maps] of programs) {
    test(`accepts ${text}`, () => {
      assert.deepEqual(mapsOf(analysed(text)), maps);
    });
  }

  test('gives every probe of a wildcard its own nodes', () => {
    const [first, second] = analysed('kprobe:vfs_* { @[probe] = count(); }').probes;
    assert.equal(first?.name, 'kprobe:vfs_read');
    assert.equal(second?.name, 'kprobe:vfs_write');
    assert.notEqual(first?.body.statements[0], second?.body.statements[0]);
  });

  test('puts the predicate around the body', () => {
    const [probe] = analysed('BEGIN /pid == 1/ { @ = 1; }').probes;
    const [statement] = probe?.body.statements ?? [];
    assert.ok(statement?.kind === 'expression-statement');
    assert.equal(statement.expression.kind, 'if');
  });

  test('makes one program for each place of a USDT probe', () => {
    const { probes } = analysed(`usdt:${libc}:libc:memory_arena_new { @ = count(); }`);
    assert.deepEqual(
      probes.map(({ usdt }) => usdt?.fileOffset),
      [0x95f2c, 0x96a10],
    );
  });

  test('attaches kprobes as fentry where there are no kprobes', () => {
    const text = 'kprobe:vfs_read { @[arg2] = count(); } kretprobe:vfs_read { @r = retval; }';
    const { probes } = analysed(text, { target: withFentry });
    assert.deepEqual(
      probes.map(({ name, context, attach }) => [name, context, attach.kind]),
      [
        ['kprobe:vfs_read', 'tracing', 'tracing'],
        ['kretprobe:vfs_read', 'tracing', 'tracing'],
      ],
    );
  });

  test('filters by process in the program or when attaching, as the kind of probe needs', () => {
    const target = { ...withFentry, pid: 42 };
    const text = `tracepoint:raw_syscalls:sys_enter { } uprobe:${libc}:malloc { } profile:hz:9 { } interval:s:1 { }`;
    const { probes } = analysed(text, { target });
    assert.deepEqual(
      probes.map(({ filterPid, attach }) => [filterPid, 'pid' in attach ? attach.pid : undefined]),
      [
        [42, undefined],
        [undefined, 42],
        [undefined, 42],
        [undefined, undefined],
      ],
    );
  });
});

/** `-l` and `-lv` against tracefs itself. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, testDirectory } from '../support/test-program.ts';

const EVENTS = '/sys/kernel/tracing/events';

/** `category:event` of every tracepoint that programs can be attached to. */
function tracepoints(): readonly string[] {
  return readdirSync(EVENTS)
    .filter((category) => category !== 'ftrace' && statSync(join(EVENTS, category)).isDirectory())
    .flatMap((category) =>
      readdirSync(join(EVENTS, category), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${category}:${entry.name}`),
    );
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function indented(line: string): string {
  return `    ${line}`;
}

async function listed(...argv: readonly string[]): Promise<readonly string[]> {
  const { out, err, exitCode } = await local(argv);
  assert.equal(err, '');
  assert.equal(exitCode, 0);
  return lines(out);
}

suite('listing', { skip: notRoot(), concurrency: 4 }, () => {
  test('shows the tracepoints of a pattern, in order', async () => {
    const expected = tracepoints()
      .filter((name) => name.startsWith('syscalls:sys_enter_'))
      .map((name) => `tracepoint:${name}`);
    assert.deepEqual(await listed('-l', 'tracepoint:syscalls:sys_enter_*'), expected.toSorted());
  });

  test('shows every tracepoint', async () => {
    const expected = tracepoints().map((name) => `tracepoint:${name}`);
    assert.deepEqual(await listed('-l', 'tracepoint:*'), expected.toSorted());
  });

  test('shows arguments as tracefs declares them', async () => {
    const events = [
      'sched/sched_process_exec',
      'sched/sched_switch',
      'syscalls/sys_enter_openat',
      'syscalls/sys_exit_read',
    ];
    const results = await Promise.all(
      events.map((event) => listed('-lv', `tracepoint:${event.replace('/', ':')}`)),
    );
    for (const [index, event] of events.entries()) {
      const format = readFileSync(join(EVENTS, event, 'format'), 'utf8');
      const declared = [...format.matchAll(/^\tfield:(.*?);/gm)]
        .map((match) => match[1] ?? '')
        .filter((field) => !field.includes(' common_'));
      assert.deepEqual(results[index], [
        `tracepoint:${event.replace('/', ':')}`,
        ...declared.map((field) => `    ${field}`),
      ]);
    }
  });

  test('without a pattern shows what the kernel has', async () => {
    const all = await listed('-l');
    const providers = new Set(all.map((line) => line.slice(0, line.indexOf(':'))));
    for (const provider of [
      'hardware',
      'iter',
      'kprobe',
      'rawtracepoint',
      'software',
      'tracepoint',
    ]) {
      assert.ok(providers.has(provider), provider);
    }
    assert.ok(all.includes('tracepoint:raw_syscalls:sys_enter'));
    assert.ok(all.includes('software:page-faults:'));
  });

  test('matches patterns over several providers, and lone words', async () => {
    assert.deepEqual(await listed('-l', '*:sched_switch'), [
      'rawtracepoint:vmlinux:sched_switch',
      'tracepoint:sched:sched_switch',
    ]);
    assert.deepEqual(await listed('-l', 'sys_enter_getppid'), [
      'tracepoint:syscalls:sys_enter_getppid',
    ]);
  });

  test('shows the functions and probes of a program', async () => {
    const functions = buildProgram('functions');
    const usdt = buildProgram('usdt-arguments');
    assert.deepEqual(
      await listed('-l', `uprobe:${functions}:*er`),
      ['inner', 'outer'].map((name) => `uprobe:${functions}:${name}`),
    );
    assert.deepEqual(
      await listed('-l', `usdt:${usdt}:*`),
      ['fleet:guarded', 'fleet:many', 'fleet:none', 'fleet:plain', 'other:plain'].map(
        (name) => `usdt:${usdt}:${name}`,
      ),
    );
  });

  test('shows all that is in a file', async () => {
    const functions = buildProgram('functions');
    const all = await listed('-l', `uprobe:${functions}:*`);
    assert.ok(all.includes(`uprobe:${functions}:outer`));
    assert.deepEqual(await listed('-l', `uprobe:${functions}`), all);
  });

  test('shows the probes of a script', async () => {
    const script = join(testDirectory(), 'script.bt');
    writeFileSync(script, 'tracepoint:syscalls:sys_*_getppid { @ = count(); }\n');
    assert.deepEqual(await listed('-l', script), [
      'tracepoint:syscalls:sys_enter_getppid',
      'tracepoint:syscalls:sys_exit_getppid',
    ]);
  });

  test('shows each attach point of a program, without its numbers', async () => {
    const functions = buildProgram('functions');
    const program = [
      'begin, interval:s:5, profile:hz:99, s:faults:10, h:cycles:1000, end { }',
      'watchpoint:0x10000000:8:w { } iter:task { } self:signal:SIGUSR1 { }',
      'kprobe:vfs_read, k:vmlinux:vfs_read, kr:vfs_read, f:vfs_read, rt:sched_switch { }',
      `uprobe:${functions}:outer, u:${functions}:outer+4, ur:${functions}:0x1180 { }`,
      'test:one { } bench:two { } *:sched_switch { }',
    ];
    assert.deepEqual(await listed('-l', '-e', program.join('\n')), [
      ...['interval:s:', 'profile:hz:', 'software:faults:', 'hardware:cycles:', 'iter:task'],
      ...['kprobe:vfs_read', 'kprobe:vmlinux:vfs_read', 'kretprobe:vfs_read'],
      ...['fentry:vmlinux:vfs_read', 'rawtracepoint:vmlinux:sched_switch'],
      ...[`uprobe:${functions}:outer`, `uprobe:${functions}:outer`, `uretprobe:${functions}:`],
      ...['test:one:', 'bench:two:', 'rawtracepoint:vmlinux:sched_switch'],
    ]);
  });

  test('says where a program names a file that is not there', async () => {
    const { out, err, exitCode } = await local(['-l', '-e', 'begin { } uprobe:/nosuch/file:f { }']);
    assert.equal(out, '');
    assert.match(err, /^stdin:1:11-32: ERROR: uprobe target file '\/nosuch\/file' does not exist/);
    assert.equal(exitCode, 1);
  });

  test('shows what is in a process', async () => {
    const functions = buildProgram('functions');
    const found = await listed('-l', 'uprobe:*:oute*', '-p', String(process.pid));
    assert.ok(!found.some((line) => line.includes(functions)));
    assert.ok((await listed('-l', `*:${functions}:outer`)).includes(`uprobe:${functions}:outer`));
  });

  test('shows timers, signals and types', async () => {
    assert.deepEqual(await listed('-l', 'interval:*,self:*'), [
      'interval:hz:',
      'interval:ms:',
      'interval:s:',
      'interval:us:',
      'self:signal:SIGUSR1',
    ]);
    assert.deepEqual(await listed('-l', 'struct file'), ['struct file']);
    const { out } = await local(['-lv', 'struct fd,union sigval,enum pid_type']);
    assert.match(out, /^vmlinux: struct fd \{\n(?:\t.*;\n)+\};\n\nvmlinux: union sigval \{\n/);
    assert.match(out, /\nvmlinux: enum pid_type \{\n\tPIDTYPE_PID = 0,\n(?:\t.*,\n)+\};\n\n$/);
  });

  test('shows arguments by the names that programs have for them', async () => {
    const probes = ['kprobe:vfs_read', 'kretprobe:vfs_read', 'fexit:vfs_read', 'kretprobe:__fput'];
    assert.deepEqual(await listed('-lv', probes.join(',')), [
      'kprobe:vfs_read',
      ...['struct file * arg0', 'char * arg1', 'size_t arg2', 'loff_t * arg3'].map(indented),
      'kretprobe:vfs_read',
      indented('ssize_t retval'),
      'fexit:vmlinux:vfs_read',
      ...['struct file * file', 'char * buf', 'size_t count', 'loff_t * pos', 'ssize_t retval'].map(
        indented,
      ),
      'kretprobe:__fput',
      indented('void'),
    ]);
  });

  test('knows each function once, without the space before it', async () => {
    const functions = await listed('-l', 'kprobe:');
    assert.equal(new Set(functions).size, functions.length);
    assert.deepEqual(
      functions.filter((line) => line.startsWith('kprobe:__pfx_')),
      [],
    );
  });

  test('says what is wrong with a script', async () => {
    const { out, err, exitCode } = await local(['-l', '-e', 'interval:s:1 {']);
    assert.equal(out, '');
    assert.match(err, /^stdin:1:15-15: ERROR: syntax: /);
    assert.equal(exitCode, 1);
  });

  test('refuses a process that is not there', async () => {
    const { out, err, exitCode } = await local(['-l', 'uprobe:*', '-p', '4194303']);
    assert.equal(out, '');
    assert.match(err, /^ERROR: .*4194303/);
    assert.equal(exitCode, 1);
  });

  test('refuses an unknown provider', async () => {
    const { out, err, exitCode } = await local(['-l', 'tracpoint:syscalls:*']);
    assert.equal(out, '');
    assert.equal(err, 'ERROR: Invalid probe type: tracpoint\n');
    assert.equal(exitCode, 1);
  });
});

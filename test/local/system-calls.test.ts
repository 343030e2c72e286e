/** Wildcards of system calls, whose probes share one raw tracepoint, beside perf events, which they would be else. */
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

const CALLS = 1234;
const APART = ['--no-feature', 'tail_calls'];

suite('all system calls', { skip: notRoot() }, () => {
  let path = '';
  before(() => {
    path = buildProgram('syscalls', 'all-calls');
  });

  async function traceCalls(source: string, ...argv: readonly string[]): Promise<string> {
    const program = await startProgram(path, String(CALLS), '/etc/hostname');
    const pid = String(program.pid);
    const { out } = await traced([...argv, '-e', source, pid], () => program.work());
    await program.end();
    return out;
  }

  /** By either way the same, but for what the kernel hands out anew for each run. */
  async function sameBothWays(source: string): Promise<string> {
    const together = await traceCalls(source);
    assert.equal(together, await traceCalls(source, ...APART));
    return together;
  }

  test('are counted by name and number, and have their arguments', async () => {
    const out = await sameBothWays(
      `tracepoint:syscalls:sys_enter_* /pid == $1/ { @[probe, args.__syscall_nr] = count(); }
       tracepoint:syscalls:sys_enter_read /pid == $1/ { @read[(int32)args.fd, args.count] = count(); }
       tracepoint:syscalls:sys_enter_openat /pid == $1/ { printf("%s %d\\n", str(args.filename), args.flags); }
       tracepoint:syscalls:sys_enter_madvise /pid == $1/ { @advice[args.behavior] = sum(args.len_in); }`,
    );
    assert.match(out, /^\/etc\/hostname 0$/m);
    assert.match(out, /^@\[tracepoint:syscalls:sys_enter_getppid, 110\]: 1234$/m);
    assert.match(out, /^@\[tracepoint:syscalls:sys_enter_madvise, 28\]: 5$/m);
    assert.match(out, /^@advice\[4\]: 196608$/m);
    assert.match(out, /^@read\[-1, 1\]: 1$/m);
  });

  test('have their results', async () => {
    const out = await sameBothWays(
      `tracepoint:syscalls:sys_exit_*get* /pid == $1/ { @[probe, args.__syscall_nr] = count(); }
       tracepoint:syscalls:sys_exit_read /pid == $1/ { @read[args.ret] = count(); }`,
    );
    assert.match(out, /^@\[tracepoint:syscalls:sys_exit_getppid, 110\]: 1234$/m);
    assert.match(out, /^@read\[-9\]: 1$/m);
    assert.match(out, /^@read\[4096\]: 2$/m);
  });

  test('share one program where nothing in it is of one call', async () => {
    const out = await sameBothWays(
      'tracepoint:syscalls:sys_enter_* /pid == $1/ { @ = count(); @of[pid == $1] = sum(2); }',
    );
    const [, count = ''] = /^@: (\d+)$/m.exec(out) ?? [];
    assert.ok(Number(count) > CALLS, out);
    assert.match(out, new RegExp(`^@of\\[true\\]: ${2 * Number(count)}$`, 'm'));
  });

  test('run their programs in the order of the source, twice what is matched twice', async () => {
    const out = await sameBothWays(
      `tracepoint:syscalls:sys_enter_m* /pid == $1 && args.__syscall_nr == 28/ { print("a"); }
       tracepoint:syscalls:sys_enter_madvise /pid == $1/ { print("b"); }
       tracepoint:syscalls:sys_enter_m*,tracepoint:syscalls:sys_enter_madvise
         /pid == $1 && args.__syscall_nr == 28/ { print("c"); }`,
    );
    assert.equal(out.trim(), 'a\nb\nc\nc\n'.repeat(5).trim());
  });

  test('leave out what 32-bit programs call', { skip: process.arch !== 'x64' }, async () => {
    const program = await startProgram(buildProgram('foreign-calls'), '99');
    const { out } = await traced(
      [
        '-e',
        `tracepoint:syscalls:sys_enter_*e* /pid == $1/ { @enter[probe] = count(); }
         tracepoint:syscalls:sys_exit_*e* /pid == $1/ { @exit[probe] = count(); }
         tracepoint:raw_syscalls:sys_enter /pid == $1 && args.id == 20/ { @raw = count(); }`,
        String(program.pid),
      ],
      () => program.work(),
    );
    await program.end();
    assert.match(out, /^@raw: 99$/m);
    assert.doesNotMatch(out, /writev|getpid/);
  });

  test('say with -v how they are attached, and why', async () => {
    const source = 'BEGIN { exit(); } tracepoint:syscalls:sys_enter_m* { @ = count(); }';
    const [together, apart, stacks] = await Promise.all([
      local(['-v', '-e', source]),
      local(['-v', ...APART, '-e', source]),
      local(['-v', '-e', source.replace('@ =', '@[kstack] =')]),
    ]);
    assert.match(together.err, /^tracepoint:syscalls:sys_enter_\*: \d+ probes by raw tracepoint /m);
    assert.match(apart.err, /sys_enter_\*: one perf event each: switched off$/m);
    assert.match(stacks.err, /sys_enter_\*: one perf event each: the program uses 'kstack'$/m);
    assert.match(together.err, /^kernel: raw tracepoints and tail calls: yes$/m);
  });

  test('are those that a filter of probes leaves', async () => {
    const source = 'tracepoint:syscalls:sys_enter_* /pid == $1/ { @ = count(); }';
    const out = await traceCalls(source, '--probe-filter', 'sys_enter_(getppid|madvise)$');
    assert.match(out, /^@: 1239$/m);
  });
});

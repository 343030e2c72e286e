/** Tracepoints against programs whose system calls are known. */
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

suite('tracepoints', { skip: notRoot(), concurrency: 4 }, () => {
  const CALLS = 12_345;
  let path = '';
  before(() => {
    path = buildProgram('syscalls', 'known-syscalls');
  });

  /** Runs the source while `known-syscalls` does its work; its pid is `$1`. */
  async function traceCalls(source: string, ...argv: readonly string[]): Promise<string> {
    const program = await startProgram(path, String(CALLS), '/etc/hostname');
    const pid = String(program.pid);
    const { out } = await traced([...argv, '-e', source, pid], () => program.work());
    await program.end();
    return out;
  }

  test('count every call of a process, by comm and with a predicate on its pid', async () => {
    // Of a name that no other test's process has.
    const program = await startProgram(buildProgram('syscalls', 'counted-by-comm'), String(CALLS));
    const { out } = await traced(
      [
        '-e',
        `tracepoint:syscalls:sys_enter_getppid { @[comm] = count(); }
         tracepoint:syscalls:sys_enter_getppid /pid == $1/ { @mine = count(); @sum = sum(1); @plus++; }
         tracepoint:raw_syscalls:sys_enter /comm == "counted-by-comm" && args.id == 110/ { @raw[args.id] = count(); }`,
        String(program.pid),
      ],
      () => program.work(),
    );
    await program.end();
    assert.match(out, /^@\[counted-by-comm\]: 12345$/m);
    assert.match(out, /^@mine: 12345$/m);
    assert.match(out, /^@plus: 12345$/m);
    assert.match(out, /^@raw\[110\]: 12345$/m);
    assert.match(out, /^@sum: 12345$/m);
  });

  test('read the strings and numbers of their arguments', async () => {
    const out = await traceCalls(
      `tracepoint:syscalls:sys_enter_openat /pid == $1/ { printf("%s %s %d %s\\n", comm, str(args->filename), args.flags, probe); }
       tracepoint:syscalls:sys_enter_madvise /args->behavior == 4 && pid == $1/ { printf("madvise DONTNEED called\\n"); }`,
    );
    const opened = 'known-syscalls /etc/hostname 0 tracepoint:syscalls:sys_enter_openat\n';
    assert.equal(out, `${'madvise DONTNEED called\n'.repeat(3)}${opened}\n\n`);
  });

  test('give histograms of what reads return', async () => {
    // Beside the known ones the program reads the byte that tells it to begin.
    const out = await traceCalls(
      `tracepoint:syscalls:sys_enter_read /pid == $1/ { @zero[tid] = args.count > 1; }
       tracepoint:syscalls:sys_exit_read /pid == $1 && @zero[tid]/ { @bytes = hist(args->ret); @linear = lhist(args.ret, 0, 5000, 100); }
       END { clear(@zero); }`,
    );
    const full = '@'.repeat(52);
    const none = ' '.repeat(52);
    const row = (label: string, count: number): string =>
      `${label.padEnd(16)}${String(count).padStart(8)} |${count === 0 ? none : full}|`;
    const powers = ['[128, 256)', '[256, 512)', '[512, 1K)', '[1K, 2K)', '[2K, 4K)'];
    const bytes = [
      row('[64, 128)', 2),
      ...powers.map((label) => row(label, 0)),
      row('[4K, 8K)', 2),
    ];
    const steps = Array.from(
      { length: 38 },
      (_, index) => `[${200 + 100 * index}, ${300 + 100 * index})`,
    );
    const linear = [
      row('[100, 200)', 2),
      ...steps.map((label) => row(label, 0)),
      row('[4000, 4100)', 2),
    ];
    assert.equal(out, `\n\n@bytes:\n${bytes.join('\n')}\n\n@linear:\n${linear.join('\n')}\n\n`);
  });

  test('time pairs of calls and forget their starts', async () => {
    const out = await traceCalls(
      `tracepoint:syscalls:sys_enter_getppid /pid == $1/ { @start[tid] = nsecs; }
       tracepoint:syscalls:sys_exit_getppid /@start[tid]/ { @ns[comm] = hist(nsecs - @start[tid]); @n = count(); delete(@start[tid]); }`,
    );
    assert.match(out, /^@n: 12345$/m);
    assert.doesNotMatch(out, /@start/);
    const rows = [...out.matchAll(/^\[.*?\)\s+(\d+) \|/gm)];
    assert.equal(
      rows.reduce((sum, row) => sum + Number(row[1]), 0),
      CALLS,
    );
  });

  test('take patterns and name each probe', async () => {
    const out = await traceCalls(
      'tracepoint:syscalls:sys_enter_{getppid,madvise} /pid == $1/ { @[probe] = count(); }'.replace(
        '{getppid,madvise}',
        'getpp*',
      ) + ' tracepoint:syscalls:sys_*_madvise /pid == $1/ { @[probe] = count(); }',
    );
    assert.equal(
      out,
      '\n\n@[tracepoint:syscalls:sys_enter_madvise]: 5\n@[tracepoint:syscalls:sys_exit_madvise]: 5\n@[tracepoint:syscalls:sys_enter_getppid]: 12345\n',
    );
  });

  test('attach several blocks to one event, which run in order', async () => {
    const out = await traceCalls(
      `tracepoint:syscalls:sys_enter_openat /pid == $1/ { printf("first\\n"); }
       tracepoint:syscalls:sys_enter_openat, tracepoint:syscalls:sys_exit_openat /pid == $1/ { printf("%s\\n", probe); }`,
    );
    assert.equal(
      out,
      'first\ntracepoint:syscalls:sys_enter_openat\ntracepoint:syscalls:sys_exit_openat\n\n\n',
    );
  });

  test('deliver every one of many events, in order', async () => {
    const out = await traceCalls(
      'tracepoint:syscalls:sys_enter_getppid /pid == $1/ { @n++; printf("%d\\n", @n); }',
    );
    const lines = Array.from({ length: CALLS }, (_, index) => `${index + 1}\n`).join('');
    assert.equal(out, `${lines}\n\n@n: ${CALLS}\n`);
  });

  test('trace one process with -p, and end with it', async () => {
    const [program, other] = [await startProgram(path, '77'), await startProgram(path, '5')];
    const { out } = await traced(
      [
        '-p',
        String(program.pid),
        '-e',
        'tracepoint:syscalls:sys_enter_getppid { @[pid] = count(); }',
      ],
      async () => {
        await Promise.all([program.work(), other.work()]);
      },
    );
    await other.end();
    await program.end();
    assert.equal(out, `\n\n@[${program.pid}]: 77\n`);
  });

  test('start a program with -c, trace it from its first instruction, and end with it', async () => {
    const { out, err, exitCode } = await local([
      ...['-c', `${path} 500 /etc/hostname`, '-e'],
      'tracepoint:syscalls:sys_enter_getppid { @ = count(); @child = pid == cpid; } tracepoint:syscalls:sys_enter_execve { @exec = count(); }',
    ]);
    assert.equal(err, 'Attached 2 probes\n');
    assert.equal(exitCode, 0);
    assert.match(out, /^@: 500$/m);
    assert.match(out, /^@exec: 1$/m);
  });

  test('read the arguments of raw tracepoints', async () => {
    const out = await traceCalls(
      'rawtracepoint:sys_enter /pid == $1 && arg1 == 110/ { @ = count(); }',
    );
    assert.equal(out, `\n\n@: ${CALLS}\n`);
  });

  test('attach to device I/O', async () => {
    const { err, exitCode } = await local([
      '-e',
      'tracepoint:block:block_rq_complete { @ = hist(args->nr_sector * 512); } interval:ms:50 { exit(); }',
    ]);
    assert.equal(err, 'Attached 2 probes\n');
    assert.equal(exitCode, 0);
  });

  test('read the arrays of a program that is executed', async () => {
    // Another test executes the other one meanwhile.
    const executed = buildProgram('syscalls', 'executed');
    const out = await traced(
      [
        '-e',
        'tracepoint:syscalls:sys_enter_execve /str(args.filename) == str($1)/ { join(args.argv); join(args->argv, "|"); }',
        executed,
      ],
      async () => (await startProgram(executed, '1', 'two words')).end(),
    );
    assert.equal(out.out, `${executed} 1 two words\n${executed}|1|two words\n\n\n`);
  });
});

/** The command line: bpftrace's flags, parameters and exit codes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { attached, local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';
import { TOO_MANY_BRANCHES } from '../support/too-many-branches.ts';

const HELLO = String.raw`BEGIN { printf("hello world\n"); }`;

function file(name: string, text: string): string {
  const path = join(testDirectory(), name);
  writeFileSync(path, text);
  return path;
}

suite('the command line', { skip: notRoot(), concurrency: 4 }, () => {
  test('runs a program of -e and ends with it', async () => {
    assert.deepEqual(await local(['-e', HELLO]), {
      out: 'hello world\n\n\n',
      err: 'Attached 1 probe\n',
      exitCode: 0,
    });
  });

  test('-q says nothing of its own', async () => {
    assert.deepEqual(await local(['-q', '-e', HELLO]), {
      out: 'hello world\n\n\n',
      err: '',
      exitCode: 0,
    });
  });

  test('takes a file with a first line for the shell, and its parameters', async () => {
    const script = file(
      'script.bt',
      `#!/usr/bin/env -S bpfleet local\nBEGIN { printf("%s %d %d %s|%d\\n", str($1), $2, $#, str($4), $3); }\n`,
    );
    const { out } = await local(['-q', '--no-warnings', script, 'a b', '42', '0x10']);
    assert.equal(out, 'a b 42 3 |16\n\n\n');
  });

  test('takes a program from standard input', async () => {
    const { out } = await local(
      ['-q', '-', '7'],
      {},
      { input: 'BEGIN { printf("%d\\n", $1 + 1); }' },
    );
    assert.equal(out, '8\n\n\n');
    const faulty = await local(['-'], {}, { input: 'BEGIN { nosuch(); }' });
    assert.match(faulty.err, /^stdin:1:9-15: ERROR: /);
  });

  test('-o takes what the program prints, and nothing else', async () => {
    const path = join(testDirectory(), 'output');
    const { out, err } = await local([
      '-o',
      path,
      '-e',
      'BEGIN { printf("text\\n"); @a = 1; $z = 0; @b = 1 / $z; }',
    ]);
    assert.equal(out, '');
    assert.match(err, /^Attached 1 probe\nstdin:1:\d+-\d+: WARNING: Divide/);
    assert.equal(readFileSync(path, 'utf8'), 'text\n\n\n@a: 1\n@b: 1\n');
  });

  test('-v says more, on standard error', async () => {
    const { out, err } = await local([
      ...['-v', '-e'],
      'tracepoint:syscalls:sys_enter_getppid { @ = count(); } interval:ms:1 { exit(); }',
    ]);
    assert.match(err, /attached tracepoint:syscalls:sys_enter_getppid\n/);
    assert.match(out, /^\n\n/);
  });

  test('--dry-run attaches, and prints nothing', async () => {
    assert.deepEqual(await local(['--dry-run', '-e', `${HELLO} interval:s:1 { exit(); }`]), {
      out: '',
      err: '',
      exitCode: 0,
    });
    const refused = await local(['--dry-run', '--no-warnings', '-e', TOO_MANY_BRANCHES]);
    assert.match(refused.err, /than the kernel's verifier follows/);
    assert.equal(refused.exitCode, 1);
  });

  test('-d shows the stages and runs nothing', async () => {
    const { out, exitCode } = await local(['-d', 'all', '-e', HELLO]);
    for (const stage of ['# ast', '# types', '# ir', '# asm'])
      assert.ok(out.includes(stage), stage);
    assert.doesNotMatch(out, /^hello/m);
    assert.equal(exitCode, 0);
    const asm = await local(['-d', 'asm', '-e', HELLO]);
    assert.match(asm.out, /call bpf_/);
    assert.doesNotMatch(asm.out, /# ast/);
  });

  test('--info names the kernel and what it has', async () => {
    const { out, exitCode } = await local(['--info']);
    assert.ok(out.includes(release()));
    assert.match(out, /^ {2}btf: yes$/m);
    assert.match(out, /^ {2}kprobe: (?:yes|no)$/m);
    assert.equal(exitCode, 0);
  });

  test('-V and --help answer on standard output', async () => {
    const version = await local(['-V']);
    assert.match(version.out, /^bpftrace v0\.\d+ \(bpfleet \d+\.\d+\.\d+\)\n$/);
    const help = await local(['--help']);
    assert.match(help.out, /USAGE:/);
    assert.deepEqual([version.exitCode, help.exitCode, help.err], [0, 0, '']);
  });

  test('--unsafe lets a program run commands, in order with what it prints', async () => {
    const { out } = await local([
      ...['-q', '--unsafe', '-e'],
      'BEGIN { printf("before\\n"); system("echo %s %d; exit 3", "run", 5); printf("after\\n"); }',
    ]);
    assert.equal(out.replaceAll(/\n+/g, '\n'), 'before\nrun 5\nafter\n');
  });

  test('exit gives the exit code, and END runs', async () => {
    const { out, exitCode } = await local([
      '-q',
      '-e',
      'BEGIN { exit(3); } END { printf("end\\n"); }',
    ]);
    assert.equal(out, 'end\n\n\n');
    assert.equal(exitCode, 3);
  });

  test('warnings go to standard error before the run, and --no-warnings hides them', async () => {
    const program = 'BEGIN { $a = (uint64)nsecs; printf("x\\n"); }';
    const { out, err } = await local(['-q', '-e', program]);
    assert.equal(out, 'x\n\n\n');
    assert.match(err, /^stdin:1:\d+-\d+: WARNING: /);
    const quiet = await local(['-q', '--no-warnings', '-e', program]);
    assert.deepEqual([quiet.out, quiet.err], ['x\n\n\n', '']);
  });

  test('division by zero gives 1 and a warning with its place, which --no-warnings hides', async () => {
    const program = 'BEGIN { $z = 0; printf("%d\\n", 5 / $z); }';
    const { out, err } = await local(['-q', '-e', program]);
    assert.equal(out, '1\n\n\n');
    const at = program.indexOf('5 / $z');
    assert.equal(
      err,
      `stdin:1:${at + 1}-${at + 7}: WARNING: Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.\n${program}\n${' '.repeat(at)}~~~~~~\n`,
    );
    assert.equal((await local(['-q', '--no-warnings', '-e', program])).err, '');
  });

  test('configuration comes from the program, and the environment overrides it', async () => {
    const program =
      'config = { max_strlen = 8; print_maps_on_exit = false } BEGIN { @a = 1; printf("%s|\\n", str(kaddr("linux_proc_banner"))); exit(); }';
    const plain = 'config = { print_maps_on_exit = true } BEGIN { @a = 1; }';
    assert.equal((await local(['-q', '-e', plain])).out, '\n\n@a: 1\n');
    assert.equal(
      (await local(['-q', '-e', plain], { BPFTRACE_PRINT_MAPS_ON_EXIT: 'false' })).out,
      '\n\n',
    );
    const full = await local(['-q', '-e', 'BEGIN { for ($i : 0..4) { @a[$i] = 1; } }'], {
      BPFTRACE_MAX_MAP_KEYS: '2',
    });
    assert.match(full.err, /refused by full maps: 2$/m);
    assert.match((await local(['-e', program])).err, /^$|linux_proc_banner/);
  });

  test('types of the kernel come from the file that the environment names', async () => {
    const program = 'BEGIN { print(sizeof(struct task_struct)); exit(); }';
    const types = join(testDirectory(), 'types');
    copyFileSync('/sys/kernel/btf/vmlinux', types);
    const own = await local(['-q', '-e', program]);
    assert.deepEqual(await local(['-q', '-e', program], { BPFTRACE_BTF: types }), own);
    truncateSync(types, 1000);
    const { err, exitCode } = await local(['-q', '-e', program], { BPFTRACE_BTF: types });
    assert.match(
      err,
      /^WARNING: BTF: failed to parse BTF from \S+types: btf: type section at offset 24 runs past the end: \d+ bytes needed, 1000 there\nHINT: .*unset BPFTRACE_BTF/,
    );
    assert.match(err, /^stdin:1:\d+-\d+: ERROR: .*struct task_struct/m);
    assert.equal(exitCode, 1);
  });

  test('a colour that is none is named', async () => {
    const { err } = await local(['-q', '-e', HELLO], { BPFTRACE_COLOR: 'red' });
    assert.equal(
      err,
      'WARNING: Invalid env value! The valid values of `BPFTRACE_COLOR` are [auto|always|never]. The current value is red!\n',
    );
  });

  test('test suites are told when the probes are attached', async () => {
    const { out } = await local(['-q', '-e', HELLO], { __BPFTRACE_NOTIFY_PROBES_ATTACHED: '1' });
    assert.equal(out, '__BPFTRACE_NOTIFY_PROBES_ATTACHED\nhello world\n\n\n');
  });

  test('SIGTERM ends a run as an interrupt does', async () => {
    const tracer = await attached(['-e', 'BEGIN { @a = 1; } interval:s:100 { exit(); }']);
    const { out, exitCode } = await tracer.kill('SIGTERM');
    assert.equal(out, '\n\n@a: 1\n');
    assert.equal(exitCode, 0);
  });

  test('SIGUSR1 runs the probes that wait for it', async () => {
    const tracer = await attached([
      '-e',
      'self:signal:SIGUSR1 { printf("signalled\\n"); exit(); }',
    ]);
    process.kill(tracer.pid, 'SIGUSR1');
    assert.equal((await tracer.finished()).out, 'signalled\n\n\n');
  });

  test('a reader that goes away ends the run quietly', () => {
    const [node = '', ...argv] = BpfleetProcess.command;
    const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
    const program = 'interval:ms:1 { printf("line\\n"); }';
    const command = [node, ...argv, 'local', '-q', '-e', program].map(quote).join(' ');
    assert.equal(
      execFileSync('sh', ['-c', `${command} | head -n 2`], { encoding: 'utf8' }),
      'line\nline\n',
    );
  });
});

/** uprobe, uretprobe and usdt on programs built here. */
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';

suite('uprobes', { skip: notRoot(), concurrency: 4 }, () => {
  let path = '';
  before(() => {
    path = buildProgram('functions', 'known-functions');
  });

  /** The program's path is `$1`, its pid `$2`. */
  async function traceCalls(source: string): Promise<string> {
    const program = await startProgram(path, '3');
    const { out } = await traced(
      ['-e', source.replaceAll('$1', path), '_', String(program.pid)],
      () => program.work(),
    );
    await program.end();
    return out;
  }

  test('read the arguments of a function and what it returns', async () => {
    const out = await traceCalls(
      `uprobe:$1:outer /pid == $2/ { printf("%s %s(%d, %s, %d)\\n", comm, func, arg0, str(arg1), *(uint8*)(arg2 + 2)); }
       uretprobe:$1:outer /pid == $2/ { printf("%d %s\\n", retval, probe); }
       uprobe:$1:in* /pid == $2/ { @[probe] = count(); }`,
    );
    const calls = [1, 2, 3].map(
      (n) => `known-functions outer(${n}, text ${n}, 250)\n${-n} uretprobe:${path}:outer\n`,
    );
    assert.equal(out, `${calls.join('')}\n\n@[uprobe:${path}:inner]: 3\n`);
  });

  test('see calls of a library, and whose they are', async () => {
    const out = await traceCalls(
      `uprobe:${LIBC}:malloc /pid == $2/ { @[comm, ustack(3)] = count(); @sizes = lhist(arg0, 1000, 2000, 100); }
       uprobe:$1:inner /pid == $2/ { @whole[ustack] = count(); @usym[usym(reg("ip"))] = count(); @raw[ustack(raw, 1)] = count(); @perf[ustack(perf, 2)] = count(); }`,
    );
    // malloc has no frame of its own yet when it is entered, so its caller cannot be seen.
    assert.match(
      out,
      /^@\[known-functions, \n {8}malloc\+0(?:@\S+)?\n {8}(?:inner\+\d+\n {8}middle|middle\+\d+\n {8}outer)\+\d+\n\]: 3$/m,
    );
    assert.match(
      out,
      /^@whole\[\n {8}inner\+0\n {8}middle\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n(?: {8}\S+\n)+\]: 3$/m,
    );
    assert.match(
      out,
      /^@perf\[\n\t[0-9a-f]+ inner\+0 \(\S+\)\n\t[0-9a-f]+ middle\+\d+ \(\S+\)\n\]: 3$/m,
    );
    assert.match(out, /^@raw\[\n[0-9a-f]+\n\]: 3$/m);
    assert.match(out, /^@usym\[inner\]: 3$/m);
    assert.match(out, /^\[1300, 1400\) {11}1 \|@{52}\|$/m);
  });

  test('count only the process of -p, and find its program by themselves', async () => {
    const [program, other] = [await startProgram(path, '4'), await startProgram(path, '9')];
    const { out } = await traced(
      ['-p', String(program.pid), '-e', `uprobe:${path}:inner { @[pid] = count(); }`],
      async () => {
        await Promise.all([program.work(), other.work()]);
      },
    );
    await Promise.all([program.end(), other.end()]);
    assert.equal(out, `\n\n@[${program.pid}]: 4\n`);
  });

  test('attach at an address, at an offset and with a library by its bare name', async () => {
    const { out, err, exitCode } = await local([
      ...['-c', `${path} 6`, '-q', '-e'],
      `uprobe:${path}:inner+0 { @offset = count(); } uprobe:libc:malloc /comm == "known-functions" && arg0 > 1000 && arg0 < 1700/ { @library = count(); }`,
    ]);
    assert.equal(err, '');
    assert.match(out, /@library: 6\n@offset: 6\n$/);
    assert.equal(exitCode, 0);
  });
});

suite('places within functions', { skip: notRoot(), concurrency: 4 }, () => {
  let path = '';
  before(() => {
    path = buildProgram('functions', 'placed-functions');
  });

  /** `push %rbp` has one byte, `mov %rsp,%rbp` three. */
  const skip = process.arch === 'x64' ? false : 'not an x86 machine';

  test('have probes where an instruction starts', { skip }, async () => {
    const { out, err } = await local([
      ...['-c', `${path} 4`, '-q', '-e', `uprobe:${path}:inner+1 { @ = count(); }`],
    ]);
    assert.equal(err, '');
    assert.match(out, /^@: 4$/m);
  });

  test('have none within an instruction', { skip }, async () => {
    const { err, exitCode } = await local(['-e', `uprobe:${path}:inner+2 { @ = count(); }`]);
    assert.match(
      err,
      /Could not add uprobe into middle of instruction: \S+\/placed-functions:inner\+2\n/,
    );
    assert.equal(exitCode, 1);
  });
});

suite('usdt probes', { skip: notRoot(), concurrency: 4 }, () => {
  let path = '';
  before(() => {
    // Any file name will do, even one with a colon in it nowhere near a provider.
    path = buildProgram('usdt-arguments', 'my.program-1');
  });

  test('pass arguments of every size, signed and not, from registers, memory and constants', async () => {
    const { out, err, exitCode } = await local([
      ...['-c', `${path} 2`, '-e'],
      `usdt:${path}:fleet:many { printf("%d %d %d %lx %s %d\\n", arg0, arg1, arg2, arg3, str(arg4), arg5); }
       usdt:${path}:fleet:plain { printf("%ld %lu\\n", arg0, arg1); }`,
    ]);
    const round = '-5 65535 -100000 fedcba9876543210 some text 42\n-1 4000000000\n';
    assert.equal(out.replace('ready\n', '').replace('done\n', ''), `${round}${round}\n\n`);
    assert.equal(err, 'Attached 2 probes\n');
    assert.equal(exitCode, 0);
  });

  test('are found with their provider, without it, and by patterns', async () => {
    const { out } = await local([
      ...['-q', '-c', `${path} 2`, '-e'],
      `usdt:${path}:plain { @both[probe] = count(); } usdt:${path}:other:plain { @one = sum(arg0); } usdt:${path}:fleet:n* { @pattern = count(); }`,
    ]);
    assert.equal(
      out,
      `ready\ndone\n\n\n@both[usdt:${path}:fleet:plain]: 2\n@both[usdt:${path}:other:plain]: 2\n@one: 14\n@pattern: 2\n`,
    );
  });

  test('are counted in their semaphore while traced and only then', async () => {
    const program = await startProgram(path, '3');
    const { out } = await traced(
      ['-e', `usdt:${path}:fleet:guarded /pid == ${program.pid}/ { @[arg0] = count(); }`],
      () => program.work(),
    );
    assert.equal(out, '\n\n@[1]: 3\n');
    assert.equal(await program.end(), 0);
    const untraced = await startProgram(path, '3');
    await untraced.work();
    assert.equal(await untraced.end(), 0);
  });

  test('of one process are seen with -p, with its program named or not', async () => {
    const [program, other] = [await startProgram(path, '4'), await startProgram(path, '9')];
    const { out } = await traced(
      [
        ...['-p', String(program.pid), '-e'],
        `usdt:${path}:fleet:guarded { @named[pid] = count(); } usdt:*:fleet:plain { @found[pid] = count(); }`,
      ],
      async () => {
        await Promise.all([program.work(), other.work()]);
      },
    );
    assert.match(out, new RegExp(`^@named\\[${program.pid}\\]: 4$`, 'm'));
    assert.match(out, new RegExp(`^@found\\[${program.pid}\\]: 4$`, 'm'));
    assert.doesNotMatch(out, new RegExp(`\\[${other.pid}\\]`));
    await Promise.all([program.end(), other.end()]);
  });

  test('of the program in the issue print the time', async () => {
    const tracetest = buildProgram('tracetest');
    const { out } = await local([
      ...['-q', '-c', `${tracetest} 3`, '-e'],
      `usdt:${tracetest}:testprobe { printf("%d: time is %d\\n", pid == cpid, arg0); }`,
    ]);
    assert.equal(out, '1: time is 0\n1: time is 1\n1: time is 2\n\n\n');
  });

  test('are listed, and those that are not there are named', async () => {
    const listed = await local(['-l', `usdt:${path}:fleet:*`]);
    assert.deepEqual(
      listed.out.trimEnd().split('\n').toSorted(),
      ['guarded', 'many', 'none', 'plain'].map((name) => `usdt:${path}:fleet:${name}`),
    );
    const missing = await local(['-e', `usdt:${path}:fleet:plains { exit(); }`]);
    assert.match(missing.err, /^stdin:1:1-\d+: ERROR: .*plains/);
    assert.match(missing.err, /did you mean 'plain'/i);
    assert.equal(missing.exitCode, 1);
    const none = await local(['-e', `usdt:${LIBC}:libc:nothing { exit(); }`]);
    assert.match(none.err, /ERROR: No matches for usdt .*nothing/);
    assert.equal(none.exitCode, 1);
  });
});

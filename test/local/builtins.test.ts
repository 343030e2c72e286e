/** Builtin variables and calls whose answers can be known otherwise. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { suite, test } from 'node:test';
import { blockCases } from '../support/block-cases.ts';
import { local, printed, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

blockCases('builtins in BEGIN', [
  ['printf("%d %d", pid == tid, uid == 0 && gid == 0);', '1 1'],
  ['printf("%s %s", username, probe);', `${userInfo().username} begin`],
  ['printf("%d", cpu < 4096);', '1'],
  ['printf("%d", elapsed < 60000000000);', '1'],
  ['$a = nsecs; $b = nsecs; printf("%d", $b >= $a && $a > 0);', '1'],
  ['$a = rand; $b = rand; $c = rand; printf("%d", $a != $b || $b != $c);', '1'],
  ['printf("%s %s", ksym(kaddr("schedule")), ksym(0));', 'schedule 0x0'],
  ['printf("%d", kaddr("schedule") > 0xffff000000000000);', '1'],
  ['time("%%Y\\n");', '%Y\n'],
  ['printf("%s", ntop(0x0100007f));', '127.0.0.1'],
  ['printf("%d %d", sizeof(uint32), sizeof((int8)1));', '4 1'],
  ['printf("%d", strncmp("abc", "abd", 2));', '0'],
]);

suite('builtins', { skip: notRoot(), concurrency: 4 }, () => {
  test('tell who runs what, where', async () => {
    const path = buildProgram('syscalls', 'who-am-i');
    const program = await startProgram(path, '1');
    const source = `tracepoint:syscalls:sys_enter_getppid /pid == $1/ {
      printf("%s %d %d %d %d %s %lu\\n", comm, pid, tid, uid, gid, username, cgroup);
      @[comm, pid] = count(); @cgroup = cgroup; @nsecs = nsecs; @cpu = cpu; }`;
    const status = readFileSync('/proc/self/cgroup', 'utf8');
    const group = /^0::(.*)$/m.exec(status)?.[1];
    const { out } = await traced(['-e', source, String(program.pid)], () => program.work());
    await program.end();
    const [line = ''] = out.split('\n');
    const { uid, gid, username } = userInfo();
    const { pid } = program;
    assert.ok(line.startsWith(`who-am-i ${pid} ${pid} ${uid} ${gid} ${username} `), line);
    assert.match(out, new RegExp(`^@\\[who-am-i, ${pid}\\]: 1$`, 'm'));
    const id = BigInt(line.split(' ').at(-1) ?? 0);
    assert.ok(id > 0n);
    // Where the hierarchy of version 2 is mounted, the id is its directory's inode.
    const directory = statSync(`/sys/fs/cgroup${group ?? '/nowhere'}`, {
      bigint: true,
      throwIfNoEntry: false,
    });
    const mounted = readFileSync('/proc/self/mounts', 'utf8').includes(' /sys/fs/cgroup cgroup2 ');
    if (mounted && directory !== undefined) assert.equal(id, directory.ino);
  });

  test('nsecs is the boot clock, and elapsed counts from the start', async () => {
    const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    const before = uptime();
    const out = await printed(
      'BEGIN { printf("%lu\\n", nsecs); } END { printf("%lu\\n", elapsed); }',
    );
    const [now = 0, elapsed = 0] = out.split('\n').map((line) => Number(line) / 1e9);
    assert.ok(now >= before - 0.02 && now <= uptime() + 0.02, `${before} ${now}`);
    assert.ok(elapsed > 0 && elapsed < now);
  });

  test('time and strftime write the time of day', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { out } = await local(
      [
        '-q',
        '-e',
        'BEGIN { time("%s\\n"); printf("%s\\n", strftime("%s", nsecs)); time(); exit(); }',
      ],
      { TZ: 'UTC' },
    );
    const [time, formatted, clock = ''] = out.split('\n');
    const after = Math.ceil(Date.now() / 1000);
    for (const seconds of [Number(time), Number(formatted)]) {
      assert.ok(seconds >= before - 1 && seconds <= after + 1, out);
    }
    assert.match(clock, /^\d\d:\d\d:\d\d$/);
  });

  test('each tracepoint has its own probe name in a program of several', async () => {
    const { out } = await local([
      '-q',
      '-e',
      'BEGIN { @[probe] = count(); } interval:ms:10 { @[probe] = count(); exit(); } END { @[probe] = count(); }',
    ]);
    assert.match(out, /^@\[begin\]: 1$/m);
    assert.match(out, /^@\[end\]: 1$/m);
    assert.match(out, /^@\[interval:ms:10\]: [1-9]\d*$/m);
  });

  test('str stops at its limit, at the end of memory and at bad addresses', async () => {
    const path = buildProgram('functions', 'known-strings');
    const { out } = await local([
      ...['-q', '-c', `${path} 1`, '-e'],
      `uprobe:${path}:outer { printf("[%s] [%s] [%s] [%s] %d\\n", str(arg1), str(arg1, 3), str(0), str(arg1, 100), str(arg1) == "text 1"); @[str(arg1)] = count(); @short[str(arg1, 5)] = 1; }`,
    ]);
    assert.match(out, /^\[text 1\] \[te\] \[\] \[text 1\] 1$/m);
    assert.match(out, /^@\[text 1\]: 1$/m);
    assert.match(out, /^@short\[text\]: 1$/m);
  });
});

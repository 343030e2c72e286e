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
  ['printf("%s %s", ksym(kaddr("schedule")), ksym(0));', 'schedule 0'],
  ['printf("%d", kaddr("schedule") > 0xffff000000000000);', '1'],
  ['time("%%Y\\n");', '%Y\n'],
  ['printf("%s", ntop(0x0100007f));', '127.0.0.1'],
  ['printf("%d %d", sizeof(uint32), sizeof((int8)1));', '4 1'],
  ['printf("%d", strncmp("abc", "abd", 2));', '0'],
]);

blockCases('functions of text', [
  ['printf("%d %d %d", strlen("abc"), strlen(""), strlen(str("hello")));', '3 0 5'],
  ['$x = "hello"; printf("%d %d", strlen($x), strcap($x));', '5 6'],
  ['$x = "abc"; $x = "a longer text"; $x = "ab"; printf("%d %d", strlen($x), strcap($x));', '2 14'],
  ['printf("%d %d %d", strlen(comm) > 0, strcap(comm), strlen((1, "tuple").1));', '1 16 5'],
  ['printf("%d %d", strstr("hello world", "wor"), strstr("hello", "x"));', '6 -1'],
  ['printf("%d %d", strstr("hello", ""), strstr("", "x"));', '0 -1'],
  ['printf("%d %d", strstr("aaab", "ab"), strstr("ab", "abc"));', '2 -1'],
  ['$h = "hello"; $n = "llo"; printf("%d", strstr($h, $n));', '2'],
  ['$h = "hello"; $n = "longer than it"; $n = "lo"; printf("%d", strstr($h, $n));', '3'],
  ['$h = "hello"; $n = "x"; $n = ""; printf("%d", strstr($h, $n));', '0'],
  ['$h = "hell"; $n = "ello"; printf("%d", strstr($h, $n));', '-1'],
  ['printf("%s %s", strcontains("hello", "ell"), strcontains("hello", "elo"));', 'true false'],
  ['if (strcontains("abc", "c")) { printf("yes"); }', 'yes'],
  ['printf("%s", str_concat("a", "bc"));', 'abc'],
  ['printf("%s%s", str_concat("", "x"), str_concat("y", ""));', 'xy'],
  ['$a = "ab"; printf("%s", str_concat(str_concat($a, "-"), $a));', 'ab-ab'],
  ['printf("%d", str_concat("a", "b") == "ab");', '1'],
  [
    'print(strerror(1)); print(strerror(-2));',
    'Operation not permitted\nNo such file or directory\n',
  ],
  ['print(strerror(0)); print(strerror(9999));', 'Success\nUnknown error\n'],
  ['$e = 13; print(strerror($e)); print(strerror(41));', 'Permission denied\nUnknown error\n'],
  ['print(signal_name(9)); print(signal_name(34));', 'Killed\nReal-time signal 0\n'],
  ['print(signal_name(65)); print(signal_name(-1));', 'N/A\nN/A\n'],
  ['print(syscall_name(1000)); print(syscall_name(400));', 'Unknown syscall\nUnknown syscall\n'],
]);

blockCases('functions of bytes and addresses', [
  ['printf("%lx", bswap(0x1122334455667788));', '8877665544332211'],
  ['printf("%x %x", bswap((int32)0x12345678), bswap((int16)0x1234));', '78563412 3412'],
  ['printf("%x %x", bswap((int8)0x12), bswap(bswap(0x1234)));', '12 1234'],
  ['printf("%d", sizeof(bswap((uint16)1)));', '2'],
  ['print(pton("127.0.0.1"));', '[127,0,0,1]\n'],
  ['print(ntop(pton("::1"))); print(ntop(10, pton("fe80::1:2")));', '::1\nfe80::1:2\n'],
  ['print(ntop(pton("::ffff:1.2.3.4")));', '::ffff:1.2.3.4\n'],
  [
    'print(buf("ok", 2)); printf("%rx|%rh", buf("a\\0", 2), buf("a\\0", 2));',
    'ok\n\\x61\\x00|61 00',
  ],
  ['$a = pton("1.2.3.4"); print(buf($a));', '\\x01\\x02\\x03\\x04\n'],
]);

blockCases('strftime as a value', [
  ['$t = strftime("%Y", nsecs); printf("%d", strlen("x"));', '1'],
  ['@t1 = strftime("%%", nsecs); print(@t1);', '@t1: %\n'],
  ['@t2[strftime("%%", nsecs)] = 1; print(@t2);', '@t2[%]: 1\n'],
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
        'BEGIN { time("%s\\n"); printf("%s\\n%s\\n", strftime("%s", nsecs), strftime("%s", nsecs(sw_tai))); time(); exit(); }',
      ],
      { TZ: 'UTC' },
    );
    const [time, formatted, tai, clock = ''] = out.split('\n');
    const after = Math.ceil(Date.now() / 1000);
    for (const seconds of [Number(time), Number(formatted)]) {
      assert.ok(seconds >= before - 1 && seconds <= after + 1, out);
    }
    // Atomic time runs ahead of it, by the leap seconds that the system was told of.
    assert.ok(Number(tai) >= before - 1 && Number(tai) <= after + 60, out);
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
      `uprobe:${path}:outer { printf("[%s] [%s] [%s] [%s] %d\\n", str(arg1), str(arg1, 3), str((uint64)0), str(arg1, 100), str(arg1) == "text 1"); @[str(arg1)] = count(); @short[str(arg1, 5)] = 1; }`,
    ]);
    assert.match(out, /^\[text 1\] \[te\] \[\] \[text 1\] 1$/m);
    assert.match(out, /^@\[text 1\]: 1$/m);
    assert.match(out, /^@short\[text\]: 1$/m);
  });
});

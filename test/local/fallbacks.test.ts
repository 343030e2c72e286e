/** What stands in for a feature of the kernel does the same, and -v says so. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { attached, local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram, startProgram } from '../support/test-program.ts';

const CALLS = 1000;

suite('without a feature', { skip: notRoot() }, () => {
  /** Traces a program that makes so many calls of getppid, and of its own function `step`. */
  async function trace(
    feature: string,
    source: (pid: number, path: string) => string,
    name: 'syscalls' | 'bursts' = 'syscalls',
  ): Promise<{ readonly out: string; readonly err: string }> {
    const path = buildProgram(name, `without_${feature}`);
    const parameters = name === 'bursts' ? ['0', String(CALLS)] : [String(CALLS)];
    const program = await startProgram(path, ...parameters);
    const tracer = await attached(['-v', '--no-feature', feature, '-e', source(program.pid, path)]);
    await program.work();
    const finished = await tracer.kill('SIGINT');
    await program.end();
    return finished;
  }

  const NAMED = (pid: number): string =>
    `tracepoint:syscalls:sys_*_get* /pid == ${pid}/ { @[probe] = count(); }`;

  test('tail calls: system calls are perf events', async () => {
    const { out, err } = await trace('tail_calls', NAMED);
    assert.match(out, /^@\[tracepoint:syscalls:sys_enter_getppid\]: 1000$/m);
    assert.match(out, /^@\[tracepoint:syscalls:sys_exit_getppid\]: 1000$/m);
    assert.match(err, /^tracepoint:syscalls:sys_enter_\*: one perf event each: switched off$/m);
  });

  test('cookies: each match has its program', async () => {
    const source = (_pid: number, path: string): string =>
      `uprobe:${path}:* { @[probe] = count(); }`;
    const { out, err } = await trace('attach_cookie', source, 'bursts');
    assert.match(out, /^@\[uprobe:.*:step\]: 1000$/m);
    assert.match(
      err,
      /one by one: each has its own 'probe', and no cookies of attachments \(switched off\)$/m,
    );
  });

  test('types of raw tracepoints: they go by tp_btf where a call asks for it, and only there', async () => {
    const typed = 'rawtracepoint:tcp_probe { @[socket_cookie((struct sock *)arg0)] = count(); }';
    const argv = ['-e', `${typed} rawtracepoint:sched_switch { exit(); }`];
    const { err } = await local(['-v', ...argv]);
    assert.deepEqual(err.match(/^.*: by tp_btf: .*$/gm), [
      'rawtracepoint:vmlinux:tcp_probe: by tp_btf: it calls what takes typed pointers only',
    ]);
    const without = await local(['--no-feature', 'raw_tracepoint_btf', ...argv]);
    assert.match(without.err, /^stdin:1:\d+-\d+: ERROR: socket_cookie/m);
    assert.equal(without.exitCode, 1);
  });

  test('multi links: uprobes are attached one by one', async () => {
    const source = (_pid: number, path: string): string =>
      `uprobe:${path}:* { @[probe] = count(); }`;
    const { out, err } = await trace('uprobe_multi', source, 'bursts');
    assert.match(out, /^@\[uprobe:.*:step\]: 1000$/m);
    assert.match(err, /^uprobe: \d+ probes one by one: no multi links \(switched off\)$/m);
  });

  test('guarded raw tracepoints: wildcards are perf events', async () => {
    const source = (pid: number): string =>
      `tracepoint:raw_syscalls:*, tracepoint:sched:* /pid == ${pid}/ { @[probe] = count(); }`;
    for (const [feature, why] of [
      ['raw_tracepoint_guard', 'guarded raw tracepoints are switched off'],
      ['raw_tracepoint_cookie', "'probe' by .* for each: no cookies \\(switched off\\)"],
    ] as const) {
      const { out, err } = await trace(feature, source);
      const [, calls] = /^@\[tracepoint:raw_syscalls:sys_enter\]: (\d+)$/m.exec(out) ?? [];
      assert.ok(Number(calls) >= CALLS);
      assert.match(
        err,
        new RegExp(`^tracepoint: \\d+ probes by one perf event each: ${why}$`, 'm'),
      );
    }
  });

  test('batch commands: maps are read entry by entry', async () => {
    const source = (pid: number): string =>
      `tracepoint:syscalls:sys_enter_getppid /pid == ${pid}/ { @n++; @[@n] = count(); @k[@n % 7] = @n; }`;
    const { out, err } = await trace('map_batch', source);
    assert.equal(out.match(/^@\[\d+\]: 1$/gm)?.length, CALLS);
    assert.equal(out.match(/^@k\[\d\]: \d+$/gm)?.length, 7);
    assert.match(
      err,
      /^map @: read entry by entry: batch commands for \w+ maps are switched off$/m,
    );
  });
});

/** Probes that time or software makes fire, and the stacks they find. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local, traced } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

suite('timers', { skip: notRoot(), concurrency: 4 }, () => {
  test('interval fires until exit, whose code is that of the process', async () => {
    const { out, err, exitCode } = await local([
      '-e',
      'interval:ms:20 { @n++; printf("%d\\n", @n); if (@n == 3) { exit(7); } } END { clear(@n); printf("end\\n"); }',
    ]);
    assert.equal(out, '1\n2\n3\nend\n\n\n');
    assert.equal(err, 'Attached 2 probes\n');
    assert.equal(exitCode, 7);
  });

  test('a wildcard over the scheduler counts by probe until an interval ends it', async () => {
    const { out, err, exitCode } = await local([
      '-e',
      'tracepoint:sched:sched* { @[probe] = count(); } interval:ms:300 { exit(); }',
    ]);
    assert.match(err, /^Attached \d\d probes$/m);
    assert.match(out, /^@\[tracepoint:sched:sched_switch\]: \d+$/m);
    assert.match(out, /^@\[tracepoint:sched:sched_wakeup\]: \d+$/m);
    const counts = [...out.matchAll(/^@\[tracepoint:sched:sched_\w+\]: (\d+)$/gm)].map((row) =>
      Number(row[1]),
    );
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
    );
    assert.equal(exitCode, 0);
  });

  test('profile finds kernel stacks by name', async () => {
    const { out } = await local([
      '-q',
      '-e',
      'profile:hz:99 { @[kstack] = count(); @n = count(); } interval:s:1 { exit(); }',
    ]);
    assert.match(out, /^ {8}\w[\w.]*\+\d+$/m);
    // Both processors of a second, though a loaded machine may lose some.
    const samples = Number(/^@n: (\d+)$/m.exec(out)?.[1]);
    assert.ok(samples >= 20, out);
    const stacks = [...out.matchAll(/^\]: (\d+)$/gm)].map((row) => Number(row[1]));
    assert.equal(
      stacks.reduce((sum, count) => sum + count, 0),
      samples,
    );
  });

  test('stack, as scripts of 2018 have it, is kstack with one warning', async () => {
    const program =
      'profile:hz:99 { @[stack] = count(); } profile:hz:50 { @again[stack] = count(); } interval:ms:300 { exit(); }';
    const { out, err } = await local(['-q', '-e', program]);
    assert.ok(err.startsWith('stdin:1:19-24: WARNING: stack is deprecated'), err);
    assert.equal(err.match(/WARNING/g)?.length, 1);
    assert.match(out, /^ {8}\w[\w.]*\+\d+$/m);
  });

  test('the scheduler switches on stacks that end in schedule', async () => {
    const { out } = await local([
      '-q',
      '-e',
      'tracepoint:sched:sched_switch { @[kstack(3)] = count(); @perf[kstack(perf, 1)] = count(); @raw[kstack(raw, 1)] = count(); } interval:ms:300 { exit(); }',
    ]);
    // With another tracer on the event, the kernel calls both through an iterator.
    assert.match(
      out,
      /^@\[\n(?: {8}__traceiter_\w+\+\d+\n)? {8}__schedule\+\d+\n(?: {8}\w+\+\d+\n)+\]: \d+$/m,
    );
    assert.match(
      out,
      /^@perf\[\n\tffffffff[0-9a-f]{8} (?:__schedule|__traceiter_\w+)\+\d+\n\]: \d+$/m,
    );
    assert.match(out, /^@raw\[\nffffffff[0-9a-f]{8}\n\]: \d+$/m);
  });

  test('software events fire for the process of -p only', async () => {
    const { out } = await traced(
      ['-p', String(process.pid), '-e', 'software:cpu-clock:1000000 { @[pid] = count(); }'],
      async () => {
        const end = performance.now() + 200;
        while (performance.now() < end);
      },
    );
    assert.match(out, new RegExp(`^\\n\\n@\\[${process.pid}\\]: \\d+\\n$`));
  });

  test('profile fires for the process of -p only', async () => {
    const { out } = await traced(
      ['-p', String(process.pid), '-e', 'profile:hz:199 { @[pid, comm] = count(); }'],
      async () => {
        const end = performance.now() + 200;
        while (performance.now() < end);
      },
    );
    assert.match(out, new RegExp(`^\\n\\n@\\[${process.pid}, \\w+\\]: \\d+\\n$`));
  });

  test('an interrupt detaches, runs END, prints the maps and exits with 0', async () => {
    const { out, exitCode } = await traced(
      [
        '-e',
        'tracepoint:syscalls:sys_enter_getppid { @never = count(); } BEGIN { @a = 1; printf("begin\\n"); } END { printf("end\\n"); }',
      ],
      async () => undefined,
    );
    assert.equal(out, 'begin\nend\n\n\n@a: 1\n');
    assert.equal(exitCode, 0);
  });

  test('print and clear in an interval show what each saw', async () => {
    const { out } = await local([
      '-q',
      '-e',
      'interval:ms:300 { @n++; @window["x", @n] = count(); print(@window); clear(@window); if (@n == 2) { exit(); } } END { clear(@n); }',
    ]);
    assert.equal(out, '@window[x, 1]: 1\n@window[x, 2]: 1\n\n\n');
  });
});

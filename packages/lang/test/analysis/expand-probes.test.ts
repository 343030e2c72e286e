/** Attach points that are missing, refused, too many or misspelt. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { lockedDown, withFentry } from '../targets/targets.ts';
import { analysed, assertDiagnosed, diagnose } from './analysed.ts';

suite('expandProbes', () => {
  test('reports a probe that is not there, and the nearest name', () => {
    assertDiagnosed(`
tracepoint:syscalls:sys_enter_reed { }
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ tracepoint:syscalls:sys_enter_reed not found
`);
    const [diagnostic] = diagnose(new Source('stdin', 'tracepoint:syscalls:sys_enter_reed { }'));
    assert.deepEqual(diagnostic?.hints, ["Did you mean 'tracepoint:syscalls:sys_enter_read'?"]);
  });

  test('goes on without a missing probe if the config says so', () => {
    const script = 'config = { missing_probes = ignore } tracepoint:no:such, BEGIN { }';
    assert.deepEqual(
      analysed(script).probes.map(({ name }) => name),
      ['begin'],
    );
    const warned = diagnose(new Source('stdin', script.replace('ignore', 'warn')));
    assert.deepEqual(
      warned.map(({ severity, message }) => [severity, message]),
      [['warning', 'tracepoint:no:such not found']],
    );
  });

  test('tells tests and benchmarks apart by their names', () => {
    assertDiagnosed(`
test:a { } bench:a { } test:a { }
                       ~~~~~~ "a" was used as the name for more than one TEST probe
`);
  });

  test('fails when nothing is left to attach', () => {
    const script = 'config = { missing_probes = ignore } tracepoint:no:such { }';
    const [diagnostic] = diagnose(new Source('stdin', script));
    assert.equal(diagnostic?.code, 'no-probes');
  });

  test('names the attach point when the kernel has neither kprobes nor fentry', () => {
    const target = { target: lockedDown };
    assertDiagnosed(
      `
kprobe:vfs_read { @start[tid] = nsecs; }
~~~~~~~~~~~~~~~ kprobe:vfs_read: no kprobes in this kernel, and fentry is refused with EPERM
`,
      target,
    );
    assertDiagnosed(
      `
fentry:vfs_read { }
~~~~~~~~~~~~~~~ fentry:vfs_read: fentry is refused with EPERM
`,
      target,
    );
  });

  test('says what fentry cannot stand in for', () => {
    const target = { target: withFentry };
    assertDiagnosed(
      `
kprobe:untyped { }
~~~~~~~~~~~~~~ kprobe:untyped: no kprobes in this kernel, and fentry needs the types of 'untyped', which BTF does not have
`,
      target,
    );
    assertDiagnosed(
      `
kprobe:vfs_read+4 { }
~~~~~~~~~~~~~~~~~ kprobe:vfs_read: no kprobes in this kernel, and fentry attaches to the start of a function only
`,
      target,
    );
  });

  test('stops at the limit', () => {
    assertDiagnosed(
      `
config = { max_probes = 3 } tracepoint:sched:sched* { }
                            ~~~~~~~~~~~~~~~~~~~~~~~ Can't attach to 27 probes because it exceeds the current limit of 3 probes.
`.replace('27', `${analysed('tracepoint:sched:sched* { }').probes.length}`),
    );
  });

  test('warns once for each old spelling', () => {
    assertDiagnosed(`
kfunc:vfs_read { print(name); print(name); @[stack] = count(); } kfunc:vfs_read { @[stack] = count(); }
                       ~~~~ name is deprecated and will be removed in the future.
                                             ~~~~~ stack is deprecated and will be removed in the future.
~~~~~~~~~~~~~~ kfunc is deprecated and will be removed in the future.
`);
  });

  test('takes the name that the script gives a probe', () => {
    assert.equal(analysed('mine=BEGIN { @ = probe; }').probes[0]?.name, 'mine');
  });

  test('reports every bad attach point of the program', () => {
    assertDiagnosed(`
fooprobe:x, kprobe:a:b:c, iter:task, interval:5, usdt:/x, BEGIN:x { }
~~~~~~~~~~ Invalid probe type: fooprobe
            ~~~~~~~~~~~~ kprobe probe type requires 1 or 2 arguments, found 3
                          ~~~~~~~~~ probe type 'iter' is not supported yet
                                     ~~~~~~~~~~ Invalid rate of interval probe. Minimum is 1000 or 1us. Found: 5 nanoseconds
                                                 ~~~~~~~ usdt probe type requires 2 or 3 arguments, found 1
                                                          ~~~~~~~ begin probe type requires 0 arguments, found 1
`);
  });
});

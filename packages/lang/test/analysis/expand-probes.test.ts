/** Attach points that are missing, refused, too many or misspelt. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Source } from '../../src/source.ts';
import { lockedDown, withFentry, withKprobes } from '../targets/targets.ts';
import { analysed, assertDiagnosed, diagnose } from './analysed.ts';

suite('expandProbes', () => {
  test('reports a probe that is not there, and the nearest name', () => {
    assertDiagnosed(`
tracepoint:syscalls:sys_enter_reed { }
~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ No matches for tracepoint syscalls:sys_enter_reed.
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
      [['warning', 'No matches for tracepoint no:such. Skipping.']],
    );
  });

  test('says of a place that cannot be attached to what attaching would have said', () => {
    const reason = 'Could not resolve address: /bin/bash:0xa';
    const key = 'uprobe:/bin/bash:10';
    const probes = {
      ...withKprobes.probes,
      [key]: { kind: 'unattachable', message: reason } as const,
    };
    const target = { ...withKprobes, probes };
    const advice = "If this is expected, set the 'missing_probes' config variable to 'warn'.";
    const said = (config: string): unknown =>
      diagnose(new Source('stdin', `${config} ${key}, begin { }`), { target }).map(
        ({ severity, message, span }) => [severity, span === undefined, message],
      );
    assert.deepEqual(said(''), [
      ['error', true, reason],
      ['error', false, `Unable to attach probe: ${key}. ${advice}`],
    ]);
    assert.deepEqual(said('config = { missing_probes = warn }'), [
      ['warning', true, reason],
      ['warning', false, `Unable to attach probe: ${key}. Skipping.`],
    ]);
    assert.deepEqual(said('config = { missing_probes = ignore }'), []);
  });

  test('takes one iterator for a block', () => {
    assertDiagnosed(`
iter:task, begin, iter:task_file { }
~~~~~~~~~ No matches for iter task.
                  ~~~~~~~~~~~~~~ iter probe only supports one attach point.
                  ~~~~~~~~~~~~~~ No matches for iter task_file.
`);
  });

  test('finds nothing for a raw tracepoint in no module', () => {
    assertDiagnosed(`
rawtracepoint:nonsense { }
~~~~~~~~~~~~~~~~~~~~~~ Probe has no valid attach points. If this is expected, set the 'missing_probes' config variable to 'warn'.
`);
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

  test('stops at the limits', () => {
    const script = 'config = { max_probes = 3 } tracepoint:sched:sched* { }';
    const [diagnostic] = diagnose(new Source('stdin', script));
    const probes = analysed('tracepoint:sched:sched* { }').probes;
    const count = probes.reduce((sum, probe) => sum + (probe.count ?? 1), 0);
    assert.match(
      diagnostic?.message ?? '',
      new RegExp(
        `^Can't attach to ${count} probes because it exceeds the current limit of 3 probes`,
      ),
    );
    const programs = 'config = { max_bpf_progs = 1 } tracepoint:sched:sched* { }';
    assert.equal(
      diagnose(new Source('stdin', programs))[0]?.message,
      `Your program is trying to generate more than ${count} BPF programs, which exceeds the current limit of 1`,
    );
  });

  test('gives a wildcard in the provider the kinds that match', () => {
    assert.deepEqual(
      analysed('tracep*:sched:sched_switch { }').probes.map(({ name }) => name),
      ['tracepoint:sched:sched_switch'],
    );
    assertDiagnosed(`
nope*:vfs_read { }
~~~~~~~~~~~~~~ No probe type matched for nope*
`);
  });

  test('makes one program of a wildcard where the kernel has multi links, unless each match has its types', () => {
    const features = { ...withKprobes.features, kprobeMulti: true };
    const functions = ['vfs_read', 'vfs_write'].map(
      (name) => ({ kind: 'kprobe', function: name }) as const,
    );
    const target = {
      ...withKprobes,
      features,
      probes: { 'kprobe:vfs_*': { kind: 'found', probes: functions } },
    } as const;
    const [together, ...none] = analysed('kprobe:vfs_* { @ = func; }', { target }).probes;
    assert.deepEqual(none, []);
    assert.equal(together?.name, 'kprobe:vfs_*');
    assert.equal(together.count, 2);
    const [named] = analysed('kprobe:vfs_* { @ = probe; }', { target }).probes;
    assert.deepEqual(named?.names, {
      sizeBytes: 17,
      texts: ['kprobe:vfs_read', 'kprobe:vfs_write'],
    });
    const each = analysed('kprobe:vfs_* { @ = sizeof(probe); }', { target }).probes;
    assert.deepEqual(
      each.map(({ name }) => name),
      ['kprobe:vfs_read', 'kprobe:vfs_write'],
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
fooprobe:x, kprobe:a:b:c, iter:a*, interval:5, usdt:/x, BEGIN:x { }
~~~~~~~~~~ Invalid probe type: fooprobe
            ~~~~~~~~~~~~ kprobe probe type requires 1 or 2 arguments, found 3
                          ~~~~~~~ iter probe type does not support wildcards
                                   ~~~~~~~~~~ Invalid rate of interval probe. Minimum is 1000 or 1us. Found: 5 nanoseconds
                                               ~~~~~~~ usdt probe type requires 2 or 3 arguments, found 1
                                                        ~~~~~~~ begin probe type requires 0 arguments, found 1
`);
  });
});

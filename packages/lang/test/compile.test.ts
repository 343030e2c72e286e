/** The compiler as a whole: what it gives for a program, and that it is always the same. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile, type CompileResult } from '../src/compile.ts';
import { compileStages } from '../src/compile-stages.ts';
import type { SessionSpec } from '../src/session-spec.ts';
import { Source } from '../src/source.ts';
import { lockedDown } from './targets/targets.ts';

const options = { parameters: [], environment: {}, unsafe: false };

function compiled(text: string): CompileResult {
  return compile(new Source('stdin', text), lockedDown, options);
}

function specOf(text: string): SessionSpec {
  const result = compiled(text);
  assert.ok(result.ok);
  return result.spec;
}

const PAIR = `tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; }
tracepoint:syscalls:sys_exit_read /@start[tid]/ { @ns[comm] = hist(nsecs - @start[tid]); }`;

suite('compile', () => {
  test('the same source and target give the same spec', () => {
    assert.deepEqual(specOf(PAIR), specOf(PAIR));
  });

  test('each probe becomes a program of the type its kernel side wants', () => {
    const { programs } = specOf(`BEGIN { @x = 1; } ${PAIR} interval:s:1 { exit(); }`);
    assert.deepEqual(
      programs.map(({ program, probe }) => [program.type, program.name, probe]),
      [
        ['raw_tracepoint', 'begin_1', 'begin'],
        [
          'tracepoint',
          'tracepoint_syscalls_sys_enter_read_2',
          'tracepoint:syscalls:sys_enter_read',
        ],
        ['tracepoint', 'tracepoint_syscalls_sys_exit_read_3', 'tracepoint:syscalls:sys_exit_read'],
        ['perf_event', 'interval_s_1_4', 'interval:s:1'],
      ],
    );
  });

  test('there are the maps that the program needs, and no others', () => {
    const names = (text: string): string[] => specOf(text).maps.map(({ name }) => name);
    assert.deepEqual(names('BEGIN { exit(); }'), ['ring', 'losses']);
    assert.deepEqual(names(PAIR), ['AT_start', 'AT_ns', 'ring', 'losses', 'zeros']);
    assert.deepEqual(names('BEGIN { @ = count(); }'), ['AT_', 'ring', 'losses']);
    const stacks = ['AT_', 'ring', 'losses', 'stacks', 'scratch', 'zeros'];
    assert.deepEqual(names('profile:hz:99 { @[kstack] = count(); }'), stacks);
  });

  test('elapsed needs a program of its own, run before the others', () => {
    const [first, second] = specOf('interval:s:1 { print(elapsed); }').programs;
    assert.deepEqual([first?.probe, first?.attach], ['', { kind: 'begin' }]);
    assert.equal(second?.probe, 'interval:s:1');
  });

  test('clones of one body share their events', () => {
    const text =
      'tracepoint:syscalls:sys_enter_read, tracepoint:syscalls:sys_exit_read { printf("x"); }';
    assert.equal(specOf(text).schema.events.length, 1);
  });

  test('a faulty program gives diagnostics and nothing else', () => {
    for (const text of ['BEGIN {', 'BEGIN { $x = nosuch; }', 'kprobe:vfs_read { }']) {
      const result = compiled(text);
      assert.equal(result.ok, false);
      assert.ok(result.diagnostics.some(({ severity }) => severity === 'error'));
    }
  });

  test('a probe that needs more stack than there is gets an error, not a crash', () => {
    const held = 'nsecs + ('.repeat(100);
    const result = compiled(`BEGIN { printf("%d", ${held}nsecs${')'.repeat(100)}); }`);
    assert.equal(result.ok, false);
    assert.deepEqual(
      result.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      ['stack-exceeded'],
    );
  });

  test('stages are shown in the order of the compiler, under the names of bpftrace too', () => {
    const result = compiled('BEGIN { @x = 1; exit(); }');
    assert.ok(result.ok);
    const titles = compileStages(result, ['all']).match(/^# .*$/gm);
    assert.deepEqual(titles, ['# ast', '# types', '# ir', '# asm']);
    assert.equal(compileStages(result, ['codegen']), compileStages(result, ['ir']));
    assert.equal(compileStages(result, ['no such stage']), '');
  });
});

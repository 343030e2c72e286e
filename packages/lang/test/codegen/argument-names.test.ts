/** What events are found by: the columns of their arguments, and the attach points that they are printed at. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isSchema, type EventSchema } from '@bpfleet/protocol';
import { compile } from '../../src/compile.ts';
import { Source } from '../../src/source.ts';
import { withKprobes } from '../targets/targets.ts';

function eventsOf(text: string): readonly EventSchema[] {
  const options = { parameters: ['7'], environment: {}, unsafe: false };
  const result = compile(new Source('stdin', text), withKprobes, options);
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  assert.ok(isSchema(result.spec.schema));
  return result.spec.schema.events;
}

function namesIn(body: string): readonly string[] {
  const [event] = eventsOf(body);
  assert.ok(event !== undefined && 'names' in event && event.names !== undefined);
  return event.names;
}

suite('names of arguments', () => {
  const cases: readonly (readonly [program: string, names: readonly string[]])[] = [
    ['begin { printf("%s %d", comm, cpu); }', ['comm', 'cpu']],
    ['begin { $x = 1; printf("%d %d", $x, (int64)$x); }', ['x', 'x_2']],
    ['begin { @bytes[tid] = nsecs; printf("%d", @bytes[tid]); }', ['bytes']],
    ['begin { @ = nsecs; printf("%d", @); }', ['value']],
    ['begin { $t = (1, tid); printf("%d", $t.1); }', ['t_1']],
    ['begin { $r = (a=1, Byte=nsecs); printf("%d", $r.Byte); }', ['byte']],
    [
      'struct task_struct { char comm[16]; } begin { printf("%s %s", str(curtask->comm), strftime("%H", nsecs)); }',
      ['comm', 'nsecs'],
    ],
    ['begin { printf("%s", kstack(3)); }', ['kstack']],
    ['begin { printf("%d %d", nsecs / 1000, nsecs - elapsed); }', ['nsecs', 'arg2']],
    ['begin { printf("%d %s %d", 1, "x", $1); }', ['arg1', 'arg2', 'arg3']],
    ['begin { printf("%s", probe); }', ['probe']],
    ['begin { printf("%d %d", pid, tid); }', ['pid_2', 'tid_2']],
    ['macro shown(e) { printf("%d", e) } begin { shown(uid); }', ['uid']],
    ['struct task_struct { int pid; } begin { print(curtask->pid); }', ['pid_2']],
  ];
  for (const [program, names] of cases) {
    test(program, () => {
      assert.deepEqual(namesIn(program), names);
    });
  }

  test('are short enough for a table', () => {
    const [name = ''] = namesIn(
      `begin { $${'long'.repeat(40)} = nsecs; print($${'long'.repeat(40)}); }`,
    );
    assert.equal(name, 'long'.repeat(12));
  });
});

suite('attach points of events', () => {
  test('are those of the block, providers by their full names', () => {
    const [event] = eventsOf('i:s:1, interval:ms:5 { printf("x"); }');
    assert.ok(event?.kind === 'printf');
    assert.deepEqual(event.probes, ['interval:s:1', 'interval:ms:5']);
  });

  test('tell the same words in two blocks apart', () => {
    const text = 'begin { printf("x"); time(); print(1); } end { printf("x"); time(); print(1); }';
    const told = eventsOf(text).map((event) => ('probes' in event ? event.probes : undefined));
    assert.deepEqual(told, [['begin'], ['begin'], ['begin'], ['end'], ['end'], ['end']]);
  });

  test('do not tell the prints of a map apart, which belong together', () => {
    const text = 'begin { @ = count(); } interval:s:1 { print(@); } end { print(@); }';
    const events = eventsOf(text);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['print-map'],
    );
  });

  test('of a function of the program are those of whoever calls it', () => {
    const text =
      'fn shout($x : uint64) : void { printf("%d", $x); } begin { shout(1); } end { shout(2); }';
    const told = eventsOf(text).map((event) => ('probes' in event ? event.probes : undefined));
    assert.deepEqual(told, [['begin'], ['end']]);
  });
});

/** What a program wants to know of the machine. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { requirements } from '../src/requirements.ts';
import { Source } from '../src/source.ts';
import { parse } from '../src/syntax/parse.ts';

function required(
  text: string,
  parameters: readonly string[] = [],
): ReturnType<typeof requirements> {
  const { program } = parse(new Source('stdin', text));
  assert.ok(program);
  return requirements(program, { parameters, hasPid: false, unsafe: false });
}

suite('requirements', () => {
  test('lists attach points once, with their parsed form', () => {
    const { attachPoints } = required(
      'k:vfs_read, BEGIN, i:s:1, t:sched:sched* { } kprobe:vfs_read { }',
    );
    assert.deepEqual(attachPoints, [
      {
        key: 'k:vfs_read',
        point: {
          kind: 'kernel-function',
          provider: 'kprobe',
          function: 'vfs_read',
          offset: 0,
          wildcard: false,
        },
      },
      {
        key: 't:sched:sched*',
        point: {
          kind: 'tracepoint',
          provider: 'tracepoint',
          category: 'sched',
          event: 'sched*',
          wildcard: true,
        },
      },
      {
        key: 'kprobe:vfs_read',
        point: {
          kind: 'kernel-function',
          provider: 'kprobe',
          function: 'vfs_read',
          offset: 0,
          wildcard: false,
        },
      },
    ]);
  });

  test('splices parameters into the keys', () => {
    const { attachPoints } = required('uprobe:$1:"f:$2" { }', ['/bin/x']);
    assert.deepEqual(
      attachPoints.map(({ key, point }) => [key, point.kind === 'user-function' && point.symbol]),
      [['uprobe:/bin/x:"f:$2"', 'f:$2']],
    );
  });

  test('leaves what does not parse to the analysis', () => {
    assert.deepEqual(required('kprobe:a:b:c { }').attachPoints, []);
  });

  test('asks for types where the program names one or follows a pointer', () => {
    for (const text of [
      'BEGIN { print(curtask.pid); }',
      'kprobe:f { print((struct file *)arg0); }',
      'kprobe:f { print(*arg0); }',
      't:napi:napi_poll { print(args.napi.dev); }',
      'BEGIN { print(BTF_VAR_STATIC); }',
      'BEGIN { print(sizeof(struct file)); }',
    ]) {
      assert.equal(required(text).types, true, text);
    }
    for (const text of [
      't:syscalls:sys_enter_open* { printf("%s %s", comm, str(args.filename)); }',
      'kprobe:f { @[kstack(perf), probe, (uint32)arg1] = count(); print(nsecs(boot)); }',
    ]) {
      assert.equal(required(text).types, false, text);
    }
  });

  test('says whether arguments are read', () => {
    assert.equal(required('t:skb:kfree_skb { print(args.reason); }').debug.args, true);
    assert.equal(required('t:skb:kfree_skb { print(comm); }').debug.args, false);
  });

  test('lists the symbols and cgroups whose numbers are asked for', () => {
    const text =
      'BEGIN { print(kaddr("avenrun")); print(uaddr("total")); print(cgroup == cgroupid("/sys/fs/cgroup/a")); }';
    const { kernelSymbols, userSymbols, cgroupPaths } = required(text);
    assert.deepEqual(
      [kernelSymbols, userSymbols, cgroupPaths],
      [['avenrun'], ['total'], ['/sys/fs/cgroup/a']],
    );
  });

  test('lists symbols that a parameter names', () => {
    const text = 'begin { print(kaddr(str($1))); print(kaddr($2)); print(kaddr(str("c"))); }';
    assert.deepEqual(required(text, ['a', 'b']).kernelSymbols, ['a', 'b', 'c']);
    assert.deepEqual(required(text).kernelSymbols, ['c']);
  });

  test('lists what is asked of the debug information of traced files', () => {
    const { debug } = required(
      'uprobe:/bin/a:f { print(args.list.next); print(((struct item *)arg0).size, (Name *)arg1, (uint8)2); }',
    );
    assert.deepEqual(debug, {
      args: true,
      types: [
        { tag: 'struct', name: 'item' },
        { tag: undefined, name: 'Name' },
      ],
      members: ['next', 'list', 'size'],
    });
    const none = required('kprobe:f { @ = sum(arg0 + (uint32)arg1); }');
    assert.deepEqual(none.debug, { args: false, types: [], members: [] });
  });
});

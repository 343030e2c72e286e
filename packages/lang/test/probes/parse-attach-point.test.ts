/** The text of attach points: what each provider takes, and how it refuses the rest. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseAttachPoint } from '../../src/probes/parse-attach-point.ts';
import { Source, span } from '../../src/source.ts';

function parsed(text: string, parameters: readonly string[] = [], hasPid = false): unknown {
  const source = new Source('stdin', text);
  const written = {
    kind: 'attach-point',
    span: span(source, 0, text.length),
    name: undefined,
    text,
  } as const;
  const result = parseAttachPoint(written, { parameters, hasPid, unsafe: false });
  switch (result.kind) {
    case 'parsed':
      return result.point;
    case 'bad':
      return result.message;
    default:
      return result;
  }
}

const kernel = { kind: 'kernel-function', offset: 0, wildcard: false } as const;
const user = { kind: 'user-function', offset: 0, wildcard: false } as const;

const good: readonly (readonly [text: string, point: object])[] = [
  ['BEGIN', { kind: 'special', provider: 'begin' }],
  ['end', { kind: 'special', provider: 'end' }],
  ['self:signal:SIGUSR1', { kind: 'signal', provider: 'self', signal: 'SIGUSR1' }],
  ['test:sum', { kind: 'trial', provider: 'test', name: 'sum' }],
  ['bench:sum', { kind: 'trial', provider: 'bench', name: 'sum' }],
  ['kprobe:f', { ...kernel, provider: 'kprobe', function: 'f' }],
  ['KPROBE:f', { ...kernel, provider: 'kprobe', function: 'f' }],
  ['k:mod:f', { ...kernel, provider: 'kprobe', module: 'mod', function: 'f' }],
  ['kprobe:f+0x10', { ...kernel, provider: 'kprobe', function: 'f', offset: 16 }],
  ['kr:vfs_*', { ...kernel, provider: 'kretprobe', function: 'vfs_*', wildcard: true }],
  ['f:f', { ...kernel, provider: 'fentry', function: 'f' }],
  [
    'u:/bin/a@src/a.c:12',
    {
      ...user,
      provider: 'uprobe',
      path: '/bin/a',
      symbol: '',
      source: { file: 'src/a.c', line: 12, column: 0 },
    },
  ],
  [
    'uprobe:/bin/a@a.c:12:3',
    {
      ...user,
      provider: 'uprobe',
      path: '/bin/a',
      symbol: '',
      source: { file: 'a.c', line: 12, column: 3 },
    },
  ],
  ['fr:mod:f', { ...kernel, provider: 'fexit', module: 'mod', function: 'f' }],
  ['kretfunc:f', { ...kernel, provider: 'fexit', function: 'f' }],
  [
    't:a:b',
    { kind: 'tracepoint', provider: 'tracepoint', category: 'a', event: 'b', wildcard: false },
  ],
  [
    't:*foo*',
    { kind: 'tracepoint', provider: 'tracepoint', category: '*', event: '*foo*', wildcard: true },
  ],
  [
    'rt:sched_switch',
    { kind: 'rawtracepoint', provider: 'rawtracepoint', event: 'sched_switch', wildcard: true },
  ],
  [
    'fentry:bpf:count_*',
    { kind: 'bpf-program', provider: 'fentry', name: 'count_*', wildcard: true },
  ],
  [
    'fexit:bpf:12:count',
    { kind: 'bpf-program', provider: 'fexit', id: 12, name: 'count', wildcard: false },
  ],
  [
    'w:0x10:8:wr',
    { kind: 'watchpoint', provider: 'watchpoint', address: 16n, length: 8, mode: 'rw' },
  ],
  ['it:task:list', { kind: 'iter', provider: 'iter', iterator: 'task', pin: 'list' }],
  ['u:/bin/x:main', { ...user, provider: 'uprobe', path: '/bin/x', symbol: 'main' }],
  [
    'uprobe:/bin/x:cpp:main',
    { ...user, provider: 'uprobe', path: '/bin/x', language: 'cpp', symbol: 'main' },
  ],
  [
    'uprobe:/bin/x:"a::b(int)"',
    { ...user, provider: 'uprobe', path: '/bin/x', symbol: 'a::b(int)' },
  ],
  [
    'uprobe:/bin/x:main+8',
    { ...user, provider: 'uprobe', path: '/bin/x', symbol: 'main', offset: 8 },
  ],
  [
    'uprobe:/bin/x:0x1234',
    { ...user, provider: 'uprobe', path: '/bin/x', symbol: '', address: 0x1234n },
  ],
  ['ur:libc:malloc', { ...user, provider: 'uretprobe', path: 'libc', symbol: 'malloc' }],
  ['U:/bin/x:n', { kind: 'usdt', provider: 'usdt', path: '/bin/x', name: 'n', wildcard: false }],
  [
    'usdt:/bin/x:p:n',
    { kind: 'usdt', provider: 'usdt', path: '/bin/x', namespace: 'p', name: 'n', wildcard: false },
  ],
  ['profile:hz:99', { kind: 'timer', provider: 'profile', unit: 'hz', count: 99n }],
  ['p:10ms', { kind: 'timer', provider: 'profile', unit: 'us', count: 10_000n }],
  ['i:s:1', { kind: 'timer', provider: 'interval', unit: 's', count: 1n }],
  ['interval:1e6', { kind: 'timer', provider: 'interval', unit: 'us', count: 1000n }],
  ['s:faults:', { kind: 'event', provider: 'software', event: 'faults' }],
  ['h:cache-misses:10', { kind: 'event', provider: 'hardware', event: 'cache-misses', count: 10n }],
];

const bad: readonly (readonly [text: string, message: string])[] = [
  ['kprobe:0x1000', 'Probing by address requires --unsafe'],
  [
    'fentry:bpf',
    "the 'bpf' variant of this probe requires a bpf program name and optional bpf program id",
  ],
  ['fentry:bpf:x:f', "bpf program id must be a number or '*'"],
  ['watchpoint:0x10:8', 'watchpoint probe type requires 3 arguments, found 2'],
  ['watchpoint:0:8:w', 'watchpoint must be attached to a non-zero address'],
  ['watchpoint:0x10:3:w', 'watchpoint length must be one of (1,2,4,8)'],
  ['watchpoint:0x10:8:', 'watchpoint mode must be combination of (r,w,x)'],
  ['watchpoint:0x10:8:ww', 'watchpoint modes may not be duplicated'],
  ['iter', 'iter probe type takes 2 arguments (1 optional)'],
  ['iter:*', 'iter probe type does not support wildcards'],
  ['kprobe', 'kprobe probe type requires 1 or 2 arguments, found 0'],
  ['kprobe:', 'kprobes should be attached to a function or an address'],
  ['kprobe:f+1+2', 'Cannot take more than one offset'],
  ['kprobe:f+', 'Invalid offset'],
  ['kprobe:f+x', 'Invalid offset: invalid integer: x'],
  ['kretprobe:f+1', 'Offset not allowed'],
  ['tracepoint:a', 'tracepoint probe type requires 2 arguments, found 1'],
  ['fentry:a:b:c', "Only the 'bpf' variant of this probe supports 4 arguments"],
  ['uprobe:/bin/x', 'uprobe probe type requires 2 or 3 arguments, found 1'],
  ['uprobe:/bin/x:rust:f', 'unsupported language type: rust'],
  ['uretprobe:/bin/x:f+1', 'uretprobes can not be attached to a function offset'],
  ['uprobe:/bin/*:5', 'Cannot use wildcards with absolute address'],
  ['profile:hz:0', 'profile frequency should be a positive integer'],
  ['profile:days:1', 'days is not an accepted unit of time'],
  ['interval:s:x', 'Invalid rate of interval probe: invalid integer: x'],
  ['software:nope', 'nope is not a software probe'],
  ['hardware:*', 'wildcards are not allowed for hardware probe type'],
  ['self:signal:SIGUSR2', 'SIGUSR2 is not a supported signal'],
  [
    'kprobe:$a',
    'invalid trailing character for positional param: a. Try quoting this entire part if this is intentional e.g. "$a".',
  ],
];

suite('parseAttachPoint', () => {
  for (const [text, point] of good) {
    test(`takes ${text}`, () => assert.deepEqual(parsed(text), point));
  }

  for (const [text, message] of bad) {
    test(`refuses ${text}`, () => assert.equal(parsed(text), message));
  }

  test('splices positional parameters outside quotes', () => {
    assert.deepEqual(parsed('kprobe:$1_$2', ['vfs', 'read']), {
      ...kernel,
      provider: 'kprobe',
      function: 'vfs_read',
    });
  });

  test('lets -p stand for the path', () => {
    assert.deepEqual(parsed('uprobe:main', [], true), {
      ...user,
      provider: 'uprobe',
      path: '',
      symbol: 'main',
    });
    assert.deepEqual(parsed('usdt:n', [], true), {
      kind: 'usdt',
      provider: 'usdt',
      path: '',
      name: 'n',
      wildcard: false,
    });
  });

  test('finds nothing after a trailing comma', () =>
    assert.deepEqual(parsed(''), { kind: 'empty' }));

  test('suggests a provider', () => {
    assert.deepEqual(parsed('kprob:f'), {
      kind: 'unknown-provider',
      provider: 'kprob',
      near: 'kprobe',
    });
  });

  test('refuses a wildcard that no provider matches', () => {
    assert.equal(parsed('*prob:f'), 'No probe type matched for *prob');
  });
});

/** Wildcards of system calls: when they share a raw tracepoint, and what becomes of their programs. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile } from '../../src/compile.ts';
import type { SessionSpec } from '../../src/session-spec.ts';
import { Source } from '../../src/source.ts';
import type { ResolvedProbe, Target, TracepointField } from '../../src/target.ts';
import { lockedDown } from '../targets/targets.ts';

const NAMES = ['read', 'write', 'open', 'close', 'poll', 'lseek', 'mmap', 'brk', 'ioctl'];

const word = (name: string, offset: number): TracepointField => {
  return { name, cType: 'long', offset, size: 8, signed: true };
};

function calls(phase: string, names: readonly string[]): readonly ResolvedProbe[] {
  return names.map((name, index) => ({
    kind: 'tracepoint',
    category: 'syscalls',
    event: `sys_${phase}_${name}`,
    id: 100 + index,
    fields: [
      { name: '__syscall_nr', cType: 'int', offset: 8, size: 4, signed: true },
      phase === 'enter' ? word('fd', 16) : word('ret', 16),
    ],
  }));
}

const probes = {
  'tracepoint:syscalls:sys_enter_*': { kind: 'found', probes: calls('enter', NAMES) },
  'tracepoint:syscalls:sys_exit_*': { kind: 'found', probes: calls('exit', NAMES) },
  'tracepoint:syscalls:sys_enter_new*': {
    kind: 'found',
    probes: calls('enter', [...NAMES, 'newest']),
  },
  'tracepoint:syscalls:sys_enter_read': { kind: 'found', probes: calls('enter', ['read']) },
} as const;

const target: Target = {
  ...lockedDown,
  probes,
  systemCalls: { kind: 'known', flagsOffset: 16 },
};

function compiled(text: string, on: Target = target): SessionSpec {
  const options = { parameters: [], environment: {}, unsafe: false };
  const result = compile(new Source('stdin', text), on, options);
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.spec;
}

function kinds(spec: SessionSpec): readonly string[] {
  return spec.programs.map(({ attach }) => attach.kind);
}

suite('system calls', () => {
  test('have one program, where it is the same for all, and one that calls it by number', () => {
    const spec = compiled('tracepoint:syscalls:sys_enter_* { @ = count(); }');
    assert.deepEqual(
      spec.programs.map(({ attach, probe, probes: count }) => [attach, probe, count]),
      [
        [
          {
            kind: 'system-calls',
            phase: 'enter',
            map: 'enter_calls_0',
            calls: NAMES.map((name) => ({
              number: [0, 1, 2, 3, 7, 8, 9, 12, 16][NAMES.indexOf(name)],
              probe: `tracepoint:syscalls:sys_enter_${name}`,
            })),
          },
          'tracepoint:syscalls:sys_enter_*',
          NAMES.length,
        ],
        [{ kind: 'rawtracepoint', event: 'sys_enter', table: 'enter_calls_0' }, '', 0],
      ],
    );
    assert.equal(spec.maps.find(({ name }) => name === 'enter_calls_0')?.type, 'prog_array');
  });

  test('have one program that knows their names by their numbers', () => {
    const spec = compiled('tracepoint:syscalls:sys_exit_* { @[probe] = count() }');
    assert.deepEqual(kinds(spec), ['system-calls', 'rawtracepoint']);
    const texts = spec.maps.find(({ initial }) => initial !== undefined)?.initial ?? [];
    const names = new TextDecoder().decode(Uint8Array.from(texts)).split('\0').filter(Boolean);
    assert.deepEqual(
      names.toSorted(),
      NAMES.map((name) => `tracepoint:syscalls:sys_exit_${name}`).toSorted(),
    );
  });

  test('have a program each where their arguments are used, or their names before it runs', () => {
    for (const body of ['printf(probe)', '@ = sum(args.fd)']) {
      const spec = compiled(`tracepoint:syscalls:sys_enter_* { ${body} }`);
      const each = NAMES.map(() => 'system-calls');
      assert.deepEqual(kinds(spec), [...each, 'rawtracepoint']);
    }
  });

  test('go together with single ones, so that their programs run in the order of the source', () => {
    const spec = compiled(
      `tracepoint:syscalls:sys_enter_read { @a++ }
       tracepoint:syscalls:sys_enter_* { @b++ }
       tracepoint:syscalls:sys_exit_* { @c++ }`,
    );
    assert.deepEqual(
      spec.programs.flatMap(({ attach }) => (attach.kind === 'rawtracepoint' ? [attach] : [])),
      [
        { kind: 'rawtracepoint', event: 'sys_enter', table: 'enter_calls_0' },
        { kind: 'rawtracepoint', event: 'sys_enter', table: 'enter_calls_1' },
        { kind: 'rawtracepoint', event: 'sys_exit', table: 'exit_calls_0' },
      ],
    );
  });

  test('of unknown numbers stay tracepoints', () => {
    const spec = compiled('tracepoint:syscalls:sys_enter_new* { @++ }');
    assert.deepEqual(kinds(spec), ['tracepoint', 'system-calls', 'rawtracepoint']);
  });

  test('stay tracepoints where something would be seen of the difference', () => {
    for (const [body, used] of [
      ['@[kstack] = count()', "the program uses 'kstack'"],
      ['$a = args; @ = $a.fd', "the program uses 'args'"],
    ] as const) {
      const spec = compiled(`tracepoint:syscalls:sys_enter_* { ${body} }`);
      assert.ok(kinds(spec).every((kind) => kind === 'tracepoint' || kind === 'each'));
      assert.deepEqual(spec.choices, [
        `tracepoint:syscalls:sys_enter_*: one perf event each: ${used}`,
      ]);
    }
  });

  test('stay tracepoints where few are meant, or the machine has not what it takes', () => {
    const few = compiled('tracepoint:syscalls:sys_enter_read { @++ }');
    assert.deepEqual(kinds(few), ['tracepoint']);
    const reason = 'no BTF in this kernel';
    const without = { ...target, systemCalls: { kind: 'unknown', reason } } as const;
    const apart = compiled('tracepoint:syscalls:sys_enter_* { @++ }', without);
    assert.deepEqual(kinds(apart), ['each']);
    assert.match(apart.choices[0] ?? '', /one perf event each: no BTF in this kernel$/);
  });

  test('are told from those of 32-bit programs before they are counted', () => {
    const spec = compiled('tracepoint:syscalls:sys_exit_* { @++ }');
    const dispatch = spec.programs.at(-1)?.program;
    assert.equal(dispatch?.type, 'raw_tracepoint');
    assert.equal(dispatch?.instructions.filter(({ map }) => map === 'exit_calls_0').length, 1);
  });
});

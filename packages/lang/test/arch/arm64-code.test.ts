/**
 * Instructions for arm64 of a program that means its registers in every way: argument and result registers, `pt_regs`,
 * operands of USDT probes, numbers of system calls. They were never run on such a machine.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileStages } from '../../src/compile-stages.ts';
import { compile } from '../../src/compile.ts';
import { Source } from '../../src/source.ts';
import type { ProbeExpansion, ResolvedProbe, Target, UsdtArgument } from '../../src/target.ts';
import { checkGolden, goldenSource } from '../golden/golden.ts';
import { withKprobes } from '../targets/targets.ts';

const directory = new URL('arm64', import.meta.url).pathname;

const found = (...probes: readonly ResolvedProbe[]): ProbeExpansion => ({ kind: 'found', probes });

const kernelFunction: ResolvedProbe = { kind: 'kprobe', function: 'do_work' };
const run: ResolvedProbe = { kind: 'uprobe', path: '/bin/app', symbol: 'run', fileOffset: 0x1000 };

/** `8@x0 -4@[sp, 16] 4@[x1, x2, lsl 2] -2@w3 8@7`, as the parser of the notes gives them. */
const operands: readonly UsdtArgument[] = [
  { kind: 'register', register: 'x0', size: 8, signed: false },
  { kind: 'memory', base: 'sp', displacement: 16n, size: 4, signed: true },
  { kind: 'memory', base: 'x1', index: 'x2', scale: 4, displacement: 0n, size: 4, signed: false },
  { kind: 'register', register: 'x3', size: 2, signed: true },
  { kind: 'constant', value: 7n, size: 8, signed: false },
];

const NAMES = ['read', 'write', 'openat', 'close', 'lseek', 'mmap', 'brk', 'ioctl', 'munmap'];

const arm64: Target = {
  ...withKprobes,
  arch: 'arm64',
  systemCalls: { kind: 'known', flagsOffset: 16 },
  probes: {
    'kprobe:do_work': found(kernelFunction),
    'kretprobe:do_work': found(kernelFunction),
    'uprobe:/bin/app:run': found(run),
    'uretprobe:/bin/app:run': found(run),
    'usdt:/bin/app:shop:sold': found({
      ...{ kind: 'usdt', path: '/bin/app', provider: 'shop', name: 'sold' },
      locations: [{ fileOffset: 0x2000, semaphoreOffset: 0, args: operands }],
    }),
    'rawtracepoint:sys_enter': found({ kind: 'rawtracepoint', event: 'sys_enter' }),
    'tracepoint:syscalls:sys_enter_*': found(
      ...NAMES.map((name, index): ResolvedProbe => ({
        ...{ kind: 'tracepoint', category: 'syscalls', event: `sys_enter_${name}` },
        id: 100 + index,
        fields: [{ name: '__syscall_nr', cType: 'int', offset: 8, size: 4, signed: true }],
      })),
    ),
  },
};

test('stacks without frame pointers are refused on arm64', () => {
  const options = { parameters: [], environment: {}, unsafe: false };
  for (const stack of ['dw_ustack', 'dw_ustack(3)']) {
    const source = new Source('stdin', `uprobe:/bin/app:run { @[${stack}] = count(); }`);
    const { diagnostics } = compile(source, arm64, options);
    const found = diagnostics.find(({ severity }) => severity === 'error');
    assert.equal(found?.message, "'dw_ustack' builtin is only supported on x86_64");
    assert.equal(source.text.slice(found.span?.start, found.span?.end), stack);
  }
});

test('code for arm64 reads the registers where its kernel keeps them', () => {
  const options = { parameters: [], environment: {}, unsafe: false };
  const compiled = compile(goldenSource(directory), arm64, options);
  assert.ok(compiled.ok, JSON.stringify(compiled.diagnostics, undefined, 2));
  checkGolden(directory, 'asm', compileStages(compiled, ['asm']));
});

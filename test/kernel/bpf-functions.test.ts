/** Links to functions of the kernel and of libc, in every way this kernel has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  attachFentry,
  attachKprobe,
  attachKprobeMulti,
  attachRawTracepoint,
  attachUprobeMulti,
  type FeatureName,
  Features,
  type Link,
  openKernel,
  type Program,
  type ProgramSpec,
  readHost,
  readKernelBtf,
} from '@bpfleet/bpf';
import { Elf, SymbolTable } from '@bpfleet/bpf/elf';
import { CountingProgram } from '../support/counting-program.ts';
import { failOnFdLeaks } from '../support/fd-leaks.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { startSyscallLoad } from '../support/syscall-load.ts';

failOnFdLeaks();

const COUNT = 1000;

describe('links to functions', { skip: notRoot() }, () => {
  const calls = openKernel();
  const { arch, kernelRelease } = readHost();
  const features = new Features(calls, kernelRelease);
  const getppid = arch === 'x86_64' ? '__x64_sys_getppid' : '__arm64_sys_getppid';
  // Older kernels make the one an alias of the other, and BTF lists no aliases.
  const inBtf =
    [getppid, '__do_sys_getppid'].find((name) => readKernelBtf()?.findByName(name, 'func')) ??
    getppid;

  interface Way {
    readonly name: string;
    readonly feature: FeatureName;
    readonly spec: Pick<ProgramSpec, 'type' | 'tracing' | 'multi'>;
    readonly attach: (program: Program) => Link;
  }

  const kprobe = { type: 'kprobe' } as const;
  const tracing = (attachType: 'fentry' | 'fexit'): Way['spec'] => ({
    type: 'tracing',
    tracing: { attachType, function: inBtf },
  });
  const ways: readonly Way[] = [
    ...[false, true].map((isReturn): Way => {
      const probe = `${isReturn ? 'kretprobe' : 'kprobe'}:${getppid}`;
      return {
        name: isReturn ? 'kretprobe' : 'kprobe',
        feature: 'kprobe',
        spec: kprobe,
        attach: (program) => attachKprobe(calls, program, { probe, location: getppid, isReturn }),
      };
    }),
    ...[false, true].map((isReturn): Way => ({
      name: isReturn ? 'kretprobe multi link' : 'kprobe multi link',
      feature: 'kprobeMulti',
      spec: { type: 'kprobe', multi: 'kprobe' },
      attach: (program) =>
        attachKprobeMulti(calls, program, {
          probe: 'kprobe',
          symbols: [getppid],
          at: isReturn ? 'return' : 'entry',
        }),
    })),
    ...(['fentry', 'fexit'] as const).map((attachType): Way => ({
      name: attachType,
      feature: 'fentry',
      spec: tracing(attachType),
      attach: (program) => attachFentry(calls, program, `${attachType}:${inBtf}`),
    })),
  ];

  for (const { name, feature, spec, attach } of ways) {
    const missing = features.whyNot(feature) ?? false;
    test(`a ${name} counts exactly ${COUNT} calls`, { skip: missing }, async () => {
      using load = await startSyscallLoad(COUNT);
      using counting = new CountingProgram(spec, load.pid);
      const link = attach(counting.program);
      await load.run();
      await link.detach();
      assert.equal(counting.count, BigInt(COUNT));
    });
  }

  test(
    'a kprobe on a function that does not exist says so',
    { skip: features.whyNot('kprobe') ?? false },
    () => {
      using counting = new CountingProgram(kprobe);
      const target = { probe: 'kprobe:vfs_reed', location: 'vfs_reed', isReturn: false };
      assert.throws(
        () => attachKprobe(calls, counting.program, target),
        /^AttachError: attach kprobe:vfs_reed: perf_event_open: ENOENT: no such symbol$/,
      );
    },
  );

  test(
    'a raw tracepoint with BTF counts the exit of a process',
    { skip: features.whyNot('rawTracepointBtf') ?? false },
    async () => {
      using load = await startSyscallLoad(0);
      const event = 'sched_process_exit';
      const target = { attachType: 'raw_tp', function: event } as const;
      using counting = new CountingProgram({ type: 'tracing', tracing: target }, load.pid);
      const probe = { probe: `rawtracepoint:${event}`, event };
      const link = attachRawTracepoint(calls, counting.program, probe);
      await load.run();
      await link.detach();
      assert.equal(counting.count, 1n);
    },
  );

  test(
    'a uprobe multi link counts the calls of two functions of one process',
    { skip: features.whyNot('uprobeMulti') ?? false },
    async () => {
      using load = await startSyscallLoad(COUNT);
      const maps = readFileSync(`/proc/${load.pid}/maps`, 'utf8');
      const path = / (\/\S+\/libc\.so\.6)$/m.exec(maps)?.[1] ?? assert.fail('no libc is mapped');
      const symbols = new SymbolTable(new Elf(readFileSync(path)));
      const fileOffsets = ['syscall', 'exit'].map((name) => {
        const symbol = symbols.find(name) ?? assert.fail(`libc has no ${name}`);
        return BigInt(symbols.fileOffset(symbol) ?? assert.fail(`${name} is not in the file`));
      });
      using counting = new CountingProgram({ type: 'kprobe', multi: 'uprobe' });
      const target = { probe: 'uprobe:libc', path, fileOffsets, isReturn: false, pid: load.pid };
      const link = attachUprobeMulti(calls, counting.program, target);
      await load.run();
      await link.detach();
      assert.equal(counting.count, BigInt(COUNT) + 1n);
    },
  );
});

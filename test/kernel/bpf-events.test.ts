/** Links of every kind this kernel has, and what their programs count and send. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  attachKprobe,
  attachPerfEvent,
  attachRawTracepoint,
  attachTracepoint,
  attachUprobe,
  BpfMap,
  detachAll,
  Features,
  type Link,
  openKernel,
  PERF_COUNT_SW_CPU_CLOCK,
  PERF_COUNT_SW_PAGE_FAULTS,
  PERF_TYPE_HARDWARE,
  PERF_TYPE_SOFTWARE,
  Program,
  type ProgramType,
  readHost,
  RingBuffer,
  RingConsumer,
  Tracefs,
} from '@bpfleet/bpf';
import {
  add,
  atomicAdd,
  call,
  fetchAdd,
  type Instruction,
  loadMap,
  mov,
  R1,
  R10,
  R2,
  R3,
  R4,
  R6,
  R7,
  stx,
} from '@bpfleet/bpf/asm';
import { Elf, SymbolTable } from '@bpfleet/bpf/elf';
import { elementZero, end, onlyPid } from '../support/bpf-snippets.ts';
import { failOnFdLeaks } from '../support/fd-leaks.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { LOAD_NAME, startSyscallLoad } from '../support/syscall-load.ts';

failOnFdLeaks();

describe('links of the kernel', { skip: notRoot() }, () => {
  const calls = openKernel();
  const host = readHost();

  function createCounter(): BpfMap {
    const counter = { name: 'counter', type: 'array', keySize: 4, valueSize: 8 } as const;
    return BpfMap.create({ ...counter, maxEntries: 1, flags: 0 }, calls, host.possibleCpus);
  }

  function read(counter: BpfMap): bigint {
    const value = counter.lookup(new Uint8Array(4)) ?? assert.fail('no element 0');
    return new DataView(value.buffer).getBigUint64(0, true);
  }

  function load(type: ProgramType, instructions: Instruction[], maps: BpfMap[]): Program {
    const spec = { name: 'test', type, instructions, license: 'GPL' };
    return Program.load(spec, {
      calls,
      mapFd: (name) => maps.find((map) => map.spec.name === name)?.fd.number ?? assert.fail(name),
    });
  }

  /** Counts runs, of one process only if given. */
  function loadCounting(type: ProgramType, counter: BpfMap, pid?: number): Program {
    const filter = pid === undefined ? [] : onlyPid(pid);
    const count = [...elementZero('counter'), mov.imm(R1, 1), atomicAdd(8, R7, 0, R1)];
    return load(type, [...filter, ...count, ...end()], [counter]);
  }

  function tracepointId(category: string, event: string): number {
    return Tracefs.open(calls).format(category, event)?.id ?? assert.fail(`no ${event}`);
  }

  async function reaches(counter: BpfMap, count: bigint): Promise<void> {
    // Polling, as the kernel has no way to announce a change of a map.
    while (read(counter) < count) {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }

  for (const count of [1, 1000, 100_000]) {
    test(`a tracepoint counts exactly ${count} calls of a process`, async () => {
      using counter = createCounter();
      using process = await startSyscallLoad(count);
      using program = loadCounting('tracepoint', counter, process.pid);
      const probe = 'tracepoint:syscalls:sys_enter_getppid';
      const id = tracepointId('syscalls', 'sys_enter_getppid');
      const link = attachTracepoint(calls, program, { probe, id });
      await process.run();
      await link.detach();
      assert.equal(read(counter), BigInt(count));
    });
  }

  test('nothing is counted after a link is detached', async () => {
    using counter = createCounter();
    using process = await startSyscallLoad(100);
    using program = loadCounting('tracepoint', counter, process.pid);
    const probe = 'tracepoint:syscalls:sys_enter_getppid';
    const id = tracepointId('syscalls', 'sys_enter_getppid');
    await attachTracepoint(calls, program, { probe, id }).detach();
    await process.run();
    assert.equal(read(counter), 0n);
  });

  test('many links are detached at once', async () => {
    using counter = createCounter();
    using program = loadCounting('tracepoint', counter);
    const links: Link[] = [];
    for (const event of ['sched_switch', 'sched_wakeup', 'sched_process_exit']) {
      const id = tracepointId('sched', event);
      links.push(attachTracepoint(calls, program, { probe: `tracepoint:sched:${event}`, id }));
    }
    await reaches(counter, 1n);
    await detachAll(links);
    const after = read(counter);
    execFileSync('true');
    assert.equal(read(counter), after);
  });

  test('a raw tracepoint counts the exit of a process', async () => {
    using counter = createCounter();
    using process = await startSyscallLoad(0);
    using program = loadCounting('raw_tracepoint', counter, process.pid);
    const probe = 'rawtracepoint:sched_process_exit';
    using _ = attachRawTracepoint(calls, program, { probe, event: 'sched_process_exit' });
    await process.run();
    assert.equal(read(counter), 1n);
  });

  test('a raw tracepoint that does not exist is named', () => {
    using counter = createCounter();
    using program = loadCounting('raw_tracepoint', counter);
    assert.throws(
      () => attachRawTracepoint(calls, program, { probe: 'rawtracepoint:nope', event: 'nope' }),
      /^AttachError: attach rawtracepoint:nope: bpf\(BPF_RAW_TRACEPOINT_OPEN\): ENOENT: no such/,
    );
  });

  const clock = {
    type: PERF_TYPE_SOFTWARE,
    config: BigInt(PERF_COUNT_SW_CPU_CLOCK),
  };

  test('a timer runs on one CPU and on all', async () => {
    for (const cpus of [[0], host.onlineCpus]) {
      using counter = createCounter();
      using program = loadCounting('perf_event', counter);
      const sample = { periodNs: 2_000_000n };
      using _ = attachPerfEvent(calls, program, { probe: 'interval:ms:2', ...clock, sample, cpus });
      await reaches(counter, 5n);
    }
  });

  test('a frequency over the limit is refused with the reason', () => {
    using counter = createCounter();
    using program = loadCounting('perf_event', counter);
    const sample = { frequencyHz: 100_000_000n };
    assert.throws(
      () => attachPerfEvent(calls, program, { probe: 'profile:hz:9', ...clock, sample, cpus: [0] }),
      /^AttachError: attach profile:hz:9: perf_event_open: EINVAL: .*perf_event_max_sample_rate$/,
    );
  });

  test('a software event counts page faults', async () => {
    using counter = createCounter();
    using program = loadCounting('perf_event', counter);
    using _ = attachPerfEvent(calls, program, {
      probe: 'software:page-faults:1',
      type: PERF_TYPE_SOFTWARE,
      config: BigInt(PERF_COUNT_SW_PAGE_FAULTS),
      sample: { period: 1n },
      cpus: host.onlineCpus,
    });
    execFileSync('true');
    await reaches(counter, 1n);
  });

  test(
    'a hardware event that the machine does not count is refused with the reason',
    { skip: existsSync('/sys/bus/event_source/devices/cpu') && 'this machine has counters' },
    () => {
      using counter = createCounter();
      using program = loadCounting('perf_event', counter);
      const event = { type: PERF_TYPE_HARDWARE, config: 0n, sample: { period: 1_000_000n } };
      assert.throws(
        () => attachPerfEvent(calls, program, { probe: 'hardware:cycles', ...event, cpus: [0] }),
        /^AttachError: attach hardware:cycles: perf_event_open: E\w+: this machine has no such/,
      );
    },
  );

  for (const [name, isReturn, filtered] of [
    ['a uprobe on every process', false, false],
    ['a uprobe on one process', false, true],
    ['a uretprobe on one process', true, true],
  ] as const) {
    test(`${name} counts each call of a function of libc`, async () => {
      using counter = createCounter();
      using process = await startSyscallLoad(50);
      const maps = readFileSync(`/proc/${process.pid}/maps`, 'utf8');
      const path = / (\/\S+\/libc\.so\.6)$/m.exec(maps)?.[1] ?? assert.fail('no libc is mapped');
      const elf = new Elf(readFileSync(path));
      const symbols = new SymbolTable(elf);
      const symbol = symbols.find('syscall') ?? assert.fail('libc has no syscall');
      const fileOffset = BigInt(symbols.fileOffset(symbol) ?? assert.fail('not in the file'));
      using program = loadCounting('kprobe', counter, process.pid);
      const target = { probe: 'uprobe:libc:syscall', path, fileOffset, isReturn };
      const pid = filtered ? { pid: process.pid } : {};
      const link = attachUprobe(calls, program, { ...target, ...pid });
      await process.run();
      await link.detach();
      assert.equal(read(counter), 50n);
    });
  }

  test('a uprobe in a file that does not exist says so', () => {
    using counter = createCounter();
    using program = loadCounting('kprobe', counter);
    const target = { path: '/nonexistent', fileOffset: 0n, isReturn: false };
    assert.throws(
      () => attachUprobe(calls, program, { probe: 'uprobe:/nonexistent:f', ...target }),
      /^AttachError: attach uprobe:\/nonexistent:f: perf_event_open: ENOENT: no such file$/,
    );
  });

  test('a kprobe is attached, or the kernel is said to have none', async () => {
    using counter = createCounter();
    using process = await startSyscallLoad(10);
    using program = loadCounting('kprobe', counter, process.pid);
    const features = new Features(calls, host.kernelRelease);
    const attach = (): Link =>
      attachKprobe(calls, program, {
        probe: 'kprobe:__task_pid_nr_ns',
        location: '__task_pid_nr_ns',
        isReturn: false,
      });
    if (features.has('kprobe')) {
      const link = attach();
      await process.run();
      await link.detach();
      assert.ok(read(counter) >= 10n);
    } else {
      assert.throws(
        attach,
        /^AttachError: attach kprobe:__task_pid_nr_ns: no kprobes in this kernel \(CONFIG_KPROBES\)$/,
      );
      await process.run();
    }
  });

  test('a ring buffer delivers 100,000 records in order, in place', async () => {
    const count = 100_000;
    using counter = createCounter();
    using events = BpfMap.create(
      { name: 'events', type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 1 << 23, flags: 0 },
      calls,
      host.possibleCpus,
    );
    using ring = new RingBuffer(events, calls, host.pageSize);
    using process = await startSyscallLoad(count);
    const program_ = [
      ...onlyPid(process.pid),
      ...elementZero('counter'),
      mov.imm(R6, 1),
      fetchAdd(8, R7, 0, R6),
      stx(8, R10, -16, R6),
      loadMap(R1, 'events'),
      mov.reg(R2, R10),
      add.imm(R2, -16),
      mov.imm(R3, 8),
      mov.imm(R4, 1), // BPF_RB_NO_WAKEUP
      call('ringbuf_output'),
      ...end(),
    ];
    using program = load('tracepoint', program_, [counter, events]);
    const id = tracepointId('syscalls', 'sys_enter_getppid');
    const link = attachTracepoint(calls, program, { probe: LOAD_NAME, id });
    const received: number[] = [];
    const finished = new EventEmitter();
    using _ = new RingConsumer(ring, calls, {
      onRecord: (record) => {
        assert.equal(record.length, 8);
        received.push(new DataView(record.buffer, record.byteOffset).getUint32(0, true));
        if (received.length === count) finished.emit('finished');
      },
      onError: (error) => finished.emit('error', error),
    });
    await Promise.all([process.run(), once(finished, 'finished')]);
    await link.detach();
    assert.deepEqual(
      received,
      Array.from({ length: count }, (_unused, index) => index),
    );
    assert.equal(ring.availableBytes, 0);
  });
});

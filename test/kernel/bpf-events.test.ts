/** Links of every kind this kernel has, and what their programs count and send. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import {
  attachCounter,
  attachRawTracepoint,
  attachTimer,
  attachTracepoint,
  BpfMap,
  detachAll,
  type Link,
  openKernel,
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
      const process = await startSyscallLoad(count);
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
    const process = await startSyscallLoad(100);
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
    const process = await startSyscallLoad(0);
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

  test('a timer runs on one CPU and on all', async () => {
    for (const cpus of [[0], host.onlineCpus]) {
      using counter = createCounter();
      using program = loadCounting('perf_event', counter);
      const rate = { kind: 'period', periodNs: 2_000_000n } as const;
      using _ = attachTimer(calls, program, { probe: 'interval:ms:2', rate, cpus });
      await reaches(counter, 5n);
    }
  });

  test('a frequency over the limit is refused with the reason', () => {
    using counter = createCounter();
    using program = loadCounting('perf_event', counter);
    const rate = { kind: 'frequency', hz: 100_000_000 } as const;
    assert.throws(
      () => attachTimer(calls, program, { probe: 'profile:hz:100000000', rate, cpus: [0] }),
      /^AttachError: attach profile:hz:100000000: perf_event_open: EINVAL: .*perf_event_max_sample_rate$/,
    );
  });

  test('a software event counts page faults', async () => {
    using counter = createCounter();
    using program = loadCounting('perf_event', counter);
    using _ = attachCounter(calls, program, {
      probe: 'software:page-faults:1',
      event: { kind: 'software', name: 'page-faults' },
      period: 1n,
      cpus: host.onlineCpus,
    });
    execFileSync('true');
    await reaches(counter, 1n);
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
    const process = await startSyscallLoad(count);
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

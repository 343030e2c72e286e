/**
 * What is lost with one ring for all CPUs, and with one for each of the same memory in all: a program sends each call of
 * getppid while processes on two CPUs, or on one, call it as fast as they can, and one reader empties the rings.
 */
import {
  BpfMap,
  openKernel,
  Program,
  attachRawTracepoint,
  readHost,
  RingBuffer,
} from '@bpfleet/bpf';
import { add, call, exit, jeq, jne, labelled, ldx, loadMap, mov, stx } from '@bpfleet/bpf/asm';
import { R0, R1, R2, R3, R4, R6, R10, type Instruction } from '@bpfleet/bpf/asm';
import { startSyscallLoad } from '../test/support/syscall-load.ts';

const RECORD_BYTES = 48;
const WHOLE_BYTES = 1 << 20;
const CALLS = 1_000_000;
/** Of x86_64. */
const GETPPID = 110;
const NO_WAKEUP = 1;

export interface RingLosses {
  readonly rings: 1 | 2;
  readonly busyCpus: 1 | 2;
  /** Of all records, in percent. */
  readonly lost: number;
  readonly callsPerSecond: number;
}

/** Counts what was lost on each CPU. */
function program(rings: 1 | 2): readonly Instruction[] {
  return [
    ldx(8, R2, R1, 8),
    jne.imm(R2, GETPPID, 'end'),
    mov.imm(R0, 0),
    ...Array.from({ length: RECORD_BYTES / 8 }, (_, index) => stx(8, R10, -8 * (index + 1), R0)),
    call('get_smp_processor_id'),
    loadMap(R1, 'ring0'),
    ...(rings === 1 ? [] : [jeq.imm(R0, 0, 'send'), loadMap(R1, 'ring1')]),
    labelled('send', mov.reg(R2, R10)),
    add.imm(R2, -RECORD_BYTES),
    mov.imm(R3, RECORD_BYTES),
    mov.imm(R4, NO_WAKEUP),
    call('ringbuf_output'),
    jeq.imm(R0, 0, 'end'),
    mov.reg(R2, R10),
    add.imm(R2, -8),
    loadMap(R1, 'lost'),
    call('map_lookup_elem'),
    jeq.imm(R0, 0, 'end'),
    ldx(8, R6, R0, 0),
    add.imm(R6, 1),
    stx(8, R0, 0, R6),
    labelled('end', mov.imm(R0, 0)),
    exit(),
  ];
}

export async function ringLosses(rings: 1 | 2, busyCpus: 1 | 2): Promise<RingLosses> {
  const calls = openKernel();
  const { possibleCpus, pageSize } = readHost();
  const ring = { type: 'ringbuf', keySize: 0, valueSize: 0, flags: 0 } as const;
  const maps = new Map<string, BpfMap>();
  for (const name of rings === 1 ? ['ring0'] : ['ring0', 'ring1']) {
    const map = BpfMap.create(
      { ...ring, name, maxEntries: WHOLE_BYTES / rings },
      calls,
      possibleCpus,
    );
    maps.set(name, map);
  }
  const counter = {
    type: 'percpu_array',
    keySize: 4,
    valueSize: 8,
    maxEntries: 1,
    flags: 0,
  } as const;
  const lost = BpfMap.create({ ...counter, name: 'lost' }, calls, possibleCpus);
  maps.set('lost', lost);
  const mapFd = (name: string): number => maps.get(name)?.fd.number ?? -1;
  const spec = {
    name: 'send',
    type: 'raw_tracepoint',
    instructions: program(rings),
    license: 'GPL',
  } as const;
  using loaded = Program.load(spec, { calls, mapFd });
  const readers = [...maps].flatMap(([name, map]) =>
    name === 'lost' ? [] : [new RingBuffer(map, calls, pageSize)],
  );
  const loads = await Promise.all(Array.from({ length: busyCpus }, () => startSyscallLoad(CALLS)));
  {
    using _link = attachRawTracepoint(calls, loaded, { probe: 'getppid', event: 'sys_enter' });
    const begun = performance.now();
    let running = true;
    const ended = Promise.all(loads.map((load) => load.run())).then(() => (running = false));
    while (running) {
      for (const reader of readers) reader.drain(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await ended;
    const seconds = (performance.now() - begun) / 1000;
    const value = lost.lookup(new Uint8Array(4)) ?? new Uint8Array(8);
    const counts = new BigUint64Array(value.buffer, value.byteOffset, value.byteLength / 8);
    const total = Number(counts.reduce((sum, count) => sum + count, 0n));
    for (const reader of readers) reader.close();
    for (const map of maps.values()) map.close();
    const sent = CALLS * busyCpus;
    return { rings, busyCpus, lost: (100 * total) / sent, callsPerSecond: sent / seconds };
  }
}

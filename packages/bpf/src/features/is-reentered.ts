/** Whether a program at a raw tracepoint is entered again by what it does itself: one is made to, a few times at most. */
import { add, mov, sub } from '../asm/build-alu.ts';
import { call, exit, jge, jgt, jne, labelled } from '../asm/build-jump.ts';
import { ldx, loadMapValue, stx } from '../asm/build-memory.ts';
import type { Instruction } from '../asm/instruction.ts';
import { R0, R1, R2, R3, R6, R7, R10 } from '../asm/register.ts';
import { mapCreate, mapLookup, progTestRun, rawTracepointOpen } from '../sys/bpf.ts';
import { BPF_MAP_TYPE_ARRAY } from '../sys/constants.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';
import { loadProbe } from './load-probe.ts';

/** The kernel raises it where it meets a page that is not there, such as the one that the program reads. */
const EVENT = 'page_fault_kernel';
/** Of user memory; nothing is ever mapped there. */
const NOWHERE = 8;
const MOST = 3;

/** Where in the only value of the map. */
const OWNER = 0;
const DEPTH = 8;
const DEEPEST = 16;
const VALUE_BYTES = 24;

/** The first task that runs it owns it, and is the only one that counts. */
const PROGRAM: readonly Instruction[] = [
  call('get_current_task'),
  mov.reg(R7, R0),
  loadMapValue(R6, 'depths', 0),
  ldx(8, R1, R6, OWNER),
  jne.imm(R1, 0, 'owned'),
  stx(8, R6, OWNER, R7),
  labelled('owned', ldx(8, R1, R6, OWNER)),
  jne.reg(R1, R7, 'end'),
  ldx(8, R1, R6, DEPTH),
  jgt.imm(R1, MOST, 'end'),
  add.imm(R1, 1),
  stx(8, R6, DEPTH, R1),
  ldx(8, R2, R6, DEEPEST),
  jge.reg(R2, R1, 'read'),
  stx(8, R6, DEEPEST, R1),
  labelled('read', mov.reg(R1, R10)),
  add.imm(R1, -8),
  mov.imm(R2, 8),
  mov.imm(R3, NOWHERE),
  call('probe_read_user'),
  ldx(8, R1, R6, DEPTH),
  sub.imm(R1, 1),
  stx(8, R6, DEPTH, R1),
  labelled('end', mov.imm(R0, 0)),
  exit(),
];

/** Throws KernelError where programs cannot be tried, and Error where the event was not raised. */
export function isReentered(calls: KernelCalls): boolean {
  const sizes = { keySize: 4, valueSize: VALUE_BYTES, maxEntries: 1, flags: 0 };
  using map = mapCreate(calls, { mapType: BPF_MAP_TYPE_ARRAY, ...sizes, name: 'bpfleet_probe' });
  using program = loadProbe(calls, {
    type: 'raw_tracepoint',
    instructions: PROGRAM,
    mapFd: map.number,
  });
  progTestRun(calls, program);
  using _link = rawTracepointOpen(calls, EVENT, program);
  // Run by hand it is not known to run: the event lets it in once in any case.
  progTestRun(calls, program);
  const value = new Uint8Array(VALUE_BYTES);
  mapLookup(calls, map, new Uint8Array(4), value);
  const deepest = new DataView(value.buffer).getBigUint64(DEEPEST, true);
  if (deepest < 2n) throw new Error(`${EVENT} was not raised`);
  return deepest > 2n;
}

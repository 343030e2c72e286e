/**
 * Which element of the `scratch` map a run of a program has. Most programs never run twice at a time on one CPU, for the
 * kernel skips the second run, and have one element. Programs of user probes run with preemption on: the next thread may
 * enter one while another is in the middle of it. These claim one of several elements, by a word at its beginning, for as
 * long as they run.
 */
import type { CheckedProbe } from '../analysis/checked-program.ts';
import type { Operand, VirtualRegister } from './ir.ts';
import { countLoss } from './losses.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';

/** How many runs at a time one CPU has room for; more are counted as lost. */
const SLOTS = 4;
const BUSY_BYTES = 8;

/**
 * Whether a run on a CPU may begin while another of the same program is not over. `trace_call_bpf` keeps kprobes, tracepoints
 * and perf events from that, `__bpf_prog_enter_recur` fentry, and nothing uprobes: `bpf_prog_run_array_uprobe` in
 * https://github.com/torvalds/linux/blob/v6.12/include/linux/bpf.h. Raw tracepoints have a check since Linux 6.1 only.
 */
export function isReentrant({ resolved, context }: CheckedProbe): boolean {
  if (resolved.kind === 'uprobe' || resolved.kind === 'usdt') return true;
  return context === 'raw_tracepoint';
}

/** Bytes at the beginning of an element that are not for values. */
export function reservedBytes(probe: CheckedProbe): number {
  return isReentrant(probe) ? BUSY_BYTES : 0;
}

/**
 * Looks the element up once, as the program begins. `claimed` is given the address of an element that must be released.
 * There is always an element; a run that finds all busy goes to the end of the program.
 */
export function findScratch(l: Lowering, claimed: VirtualRegister | undefined): VirtualRegister {
  if (claimed === undefined) return lookUp(l);
  const { b, exit, session } = l;
  const base = b.register();
  b.prologue(() => {
    const begin = b.label('claimed');
    const first = session.scratchIndex(l.probe, SLOTS);
    const key = b.temporary(4) ?? { kind: 'slot', slot: 0, offset: 0 };
    for (let slot = 0; slot < SLOTS; slot++) {
      b.store(4, key, keyOf(l, first + slot));
      b.move(base, b.call('map_lookup_elem', { kind: 'map', map: session.scratchMap }, key));
      b.branch('eq', base, 0n, exit);
      const before = b.atomic('or', 8, pointing(base), 1n, true);
      b.branch('eq', before, 0n, begin);
    }
    countLoss(l, 'scratchBusy');
    b.jump(exit);
    b.place(begin);
    b.move(claimed, base);
  });
  return base;
}

/** At the end of the program, however it came there. */
export function releaseScratch({ b }: Lowering, claimed: VirtualRegister): void {
  const released = b.label('released');
  b.branch('eq', claimed, 0n, released);
  b.store(8, pointing(claimed), 0n);
  b.place(released);
}

function lookUp(l: Lowering): VirtualRegister {
  const { b, exit, session } = l;
  let pointer = 0;
  b.prologue(() => {
    // Nothing is in use yet: any slot will do where there is no room for one more.
    const key = b.temporary(4) ?? { kind: 'slot', slot: 0, offset: 0 };
    b.store(4, key, keyOf(l, session.scratchIndex(l.probe, 1)));
    pointer = b.call('map_lookup_elem', { kind: 'map', map: session.scratchMap }, key);
    b.branch('eq', pointer, 0n, exit);
  });
  return pointer;
}

/** What is too big for a per-CPU array is in a plain one, each element as many times as there are CPUs. */
function keyOf({ b, session, program }: Lowering, index: number): Operand {
  if (session.scratchType === 'percpu_array') return BigInt(index);
  const first = BigInt(index * program.target.possibleCpus);
  return b.arithmetic('add', b.call('get_smp_processor_id'), first);
}

/** Records in the ring buffer: reserved, filled in place and submitted; the header is the one of `EventSchema`. */
import { EVENT_HEADER_BYTES } from '@bpfleet/protocol';
import { KERNEL_MAPS } from '../session-spec.ts';
import type { Address } from './ir.ts';
import { countLoss } from './losses.ts';
import type { Lowering } from './lowering.ts';
import { at, pointing } from './memory.ts';

/** The consumer looks by itself every millisecond or so. */
export const BPF_RB_NO_WAKEUP = 1n;
/** Wakes the consumer if it waits. */
export const WAKE_UP = 0n;

/** `fill` gets the address of the fields; it must not leave the program. */
export function submitRecord(
  l: Lowering,
  event: number,
  fieldBytes: number,
  fill: (fields: Address) => void,
  flags: bigint = BPF_RB_NO_WAKEUP,
): void {
  const size = EVENT_HEADER_BYTES + Math.ceil(fieldBytes / 8) * 8;
  const ring = { kind: 'map', map: KERNEL_MAPS.ring } as const;
  const record = l.b.call('ringbuf_reserve', ring, BigInt(size), 0n);
  const done = l.b.label('sent');
  const full = l.b.label('ring_full');
  l.b.branch('eq', record, 0n, full);
  const address = pointing(record);
  writeHeader(l, address, event);
  fill(at(address, EVENT_HEADER_BYTES));
  l.b.call('ringbuf_submit', record, flags);
  l.b.place(done);
  lostBehind(l, full, done);
}

export function writeHeader(l: Lowering, record: Address, event: number): void {
  l.b.store(8, record, l.b.call('ktime_get_boot_ns'));
  // Low half the thread, high half the process, as the header has them.
  l.b.store(8, at(record, 8), l.b.call('get_current_pid_tgid'));
  l.b.store(4, at(record, 16), BigInt(event));
  l.b.store(4, at(record, 20), l.b.call('get_smp_processor_id'));
}

/** Cold code that counts a lost event and goes on at `done`. */
export function lostBehind(l: Lowering, full: string, done: string): void {
  l.b.cold(() => {
    l.b.place(full);
    countLoss(l, 'ringFull');
    l.b.jump(done);
  });
}

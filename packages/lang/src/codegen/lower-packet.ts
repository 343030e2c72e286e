/** `skboutput(file, skb, length, offset)`: a packet's bytes on their way into a file. */
import { KERNEL_MAPS, PACKET_HEADER } from '../session-spec.ts';
import type { Call } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { givenArgument } from './given-pointer.ts';
import { argument } from './lower-string.ts';
import { countLoss } from './losses.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope } from './memory.ts';

/** Of the CPU that the program runs on. */
const BPF_F_CURRENT_CPU = 0xffff_ffffn;
/** A record of a perf event's ring counts its bytes in 16 bits. */
const MAX_PACKET_BYTES = 65_480n;
const EFAULT = 14n;
const ENOSPC = 28n;

/** What the helper returns, in 32 bits: 0, or a negative error. */
export function lowerPacket(l: Lowering, call: Call): Operand {
  const path = argument(call, 0);
  if (path.kind !== 'string') return refuse(path.span, 'this file name');
  const file = l.session.addPacketFile(path.value);
  const packet = givenArgument(l, call, 1);
  const length = l.b.copy(l.scalar(argument(call, 2)));
  const skip = l.scalar(argument(call, 3));
  const result = l.b.copy(-EFAULT);
  const done = l.b.label('packet_sent');
  const short = l.b.label('packet_fits');
  const full = l.b.label('packets_full');
  l.b.branch('eq', packet, 0n, done);
  l.b.branch('le', length, MAX_PACKET_BYTES, short);
  l.b.move(length, MAX_PACKET_BYTES);
  l.b.place(short);
  inScope(l, () => {
    const header = l.b.onStack(PACKET_HEADER.bytes);
    l.b.store(8, at(header, PACKET_HEADER.nsecs), l.b.call('ktime_get_boot_ns'));
    l.b.store(4, at(header, PACKET_HEADER.file), BigInt(file));
    l.b.store(4, at(header, PACKET_HEADER.length), length);
    l.b.store(8, at(header, PACKET_HEADER.skip), skip);
    const flags = l.b.arithmetic('lsh', length, 32n);
    l.b.apply('or', flags, BPF_F_CURRENT_CPU);
    const packets = { kind: 'map', map: KERNEL_MAPS.packets } as const;
    const size = BigInt(PACKET_HEADER.bytes);
    l.b.move(result, l.b.call('skb_output', packet, packets, flags, header, size));
  });
  l.b.branch('eq', result, -ENOSPC, full);
  l.b.place(done);
  l.b.apply('and', result, 0xffff_ffffn);
  l.b.cold(() => {
    l.b.place(full);
    countLoss(l, 'ringFull');
    l.b.jump(done);
  });
  return result;
}

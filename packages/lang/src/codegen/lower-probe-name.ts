/** `probe` where one program serves many attach points: which was hit, the kernel or the call's number says. */
import { invariant } from '@bpfleet/bpf/asm';
import { encodeText } from '@bpfleet/protocol';
import type { SharedNames } from '../analysis/checked-program.ts';
import type { Type } from '../types/type.ts';
import type { Address, Operand } from './ir.ts';
import { readCallNumber } from './lower-system-call.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope, pointing, zeroBytes } from './memory.ts';

export function lowerProbeNameInto(l: Lowering, to: Address, type: Type): void {
  const { names } = l.probe;
  invariant(names !== undefined && type.kind === 'string', 'lower: probe is a literal');
  const table = l.session.addText(packNames(names));
  const size = Math.min(type.size, names.sizeBytes);
  inScope(l, () => {
    const number = l.b.copy(numberOf(l));
    const known = l.b.label('named');
    l.b.branch('lt', number, BigInt(names.texts.length), known);
    l.b.move(number, 0n);
    l.b.place(known);
    l.b.apply('mul', number, BigInt(names.sizeBytes));
    l.b.apply('add', number, l.b.mapValue(table));
    l.b.call('probe_read_kernel', to, BigInt(size), pointing(number));
  });
  if (type.size > size) zeroBytes(l, at(to, size), type.size - size);
}

function numberOf(l: Lowering): Operand {
  return l.probe.context === 'system_call'
    ? readCallNumber(l)
    : l.b.call('get_attach_cookie', l.b.context);
}

function packNames({ sizeBytes, texts }: SharedNames): Uint8Array {
  const table = new Uint8Array(texts.length * sizeBytes);
  texts.forEach((text, index) => table.set(encodeText(text), index * sizeBytes));
  return table;
}

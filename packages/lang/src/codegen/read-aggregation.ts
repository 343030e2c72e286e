/** The value of an aggregation in the kernel, for predicates such as `/@count > 5/`: a walk over all CPUs' parts. */
import { aggregationValue } from '../builtins/aggregations.ts';
import type { Span } from '../source.ts';
import type { Aggregation } from '../types/type.ts';
import { refuse } from './codegen-fault.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { divide } from './lower-division.ts';
import type { Lowering } from './lowering.ts';
import type { MapLayout } from './map-layout.ts';
import { pointing } from './memory.ts';

export function readAggregation(
  l: Lowering,
  layout: MapLayout,
  value: Aggregation,
  key: Address,
  span: Span,
): Operand {
  if (aggregationValue(value) === undefined) {
    return refuse(span, `reading a ${value.kind} in the kernel`);
  }
  if (!l.program.target.features.lookupPercpuElem) {
    return refuse(span, `reading a ${value.kind} in the kernel before Linux 5.19`);
  }
  const total = l.b.copy(0n);
  const count = l.b.copy(0n);
  forEachCpu(l, layout, key, (part) => {
    if (value.kind === 'min' || value.kind === 'max') takeExtreme(l, value, total, count, part);
    else l.b.apply('add', total, l.b.load(8, pointing(part)));
    if (value.kind === 'avg') l.b.apply('add', count, l.b.load(8, pointing(part, 8)));
  });
  if (value.kind !== 'avg') return total;
  const result = l.b.copy(0n);
  const empty = l.b.label('no_average');
  l.b.branch('eq', count, 0n, empty);
  l.b.move(result, divide(l, '/', total, count, value.signed, span));
  l.b.place(empty);
  return result;
}

function forEachCpu(
  l: Lowering,
  layout: MapLayout,
  key: Address,
  visit: (part: VirtualRegister) => void,
): void {
  const { possibleCpus } = l.program.target;
  const again = l.b.label('cpu');
  const next = l.b.label('next_cpu');
  const cpu = l.b.copy(0n);
  l.b.place(again);
  const map = { kind: 'map', map: layout.spec.name } as const;
  const part = l.b.call('map_lookup_percpu_elem', map, key, cpu);
  l.b.branch('eq', part, 0n, next);
  visit(part);
  l.b.place(next);
  l.b.apply('add', cpu, 1n);
  l.b.branch('lt', cpu, BigInt(possibleCpus), again);
}

/** `seen` becomes 1 with the first CPU that has a value. */
function takeExtreme(
  l: Lowering,
  value: Extract<Aggregation, { signed: boolean }>,
  best: VirtualRegister,
  seen: VirtualRegister,
  part: VirtualRegister,
): void {
  const keep = l.b.label('keep');
  const take = l.b.label('take');
  l.b.branch('eq', l.b.load(8, pointing(part, 8)), 0n, keep);
  const candidate = l.b.load(8, pointing(part));
  l.b.branch('eq', seen, 0n, take);
  const worse = value.kind === 'min' ? 'ge' : 'le';
  l.b.branch(value.signed ? `s${worse}` : worse, candidate, best, keep);
  l.b.place(take);
  l.b.move(best, candidate);
  l.b.move(seen, 1n);
  l.b.place(keep);
}

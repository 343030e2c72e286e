/** `@m[k] = count()` and its like: the CPU's own part of the element is changed in place. */
import { histBuckets, lhistBuckets } from '@bpfleet/protocol';
import type { Call, MapReference } from '../syntax/ast.ts';
import type { Aggregation } from '../types/type.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { lowerKey } from './lower-map.ts';
import { markSet, withElement } from './lower-map-update.ts';
import { histBucket, lhistBucket } from './lower-bucket.ts';
import { recordInSeries } from './lower-series.ts';
import { argument } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { at, inScope, pointing } from './memory.ts';

export function aggregate(
  l: Lowering,
  reference: MapReference,
  value: Aggregation,
  call: Call,
): void {
  inScope(l, () => {
    const layout = l.session.map(reference.name);
    if (value.kind === 'tseries') {
      recordInSeries(l, layout, reference, value, call);
      return;
    }
    const operand = value.kind === 'count' ? 1n : l.scalar(argument(call, 0));
    const bucket = bucketOf(l, value, operand);
    const key = lowerKey(l, reference);
    withElement(l, layout, key, reference.span, (element) => {
      update(l, value, bucket ?? operand, element);
      markSet(l, layout, element);
    });
  });
}

/** Of hist and lhist, the offset of the bucket in bytes. */
function bucketOf(l: Lowering, value: Aggregation, operand: Operand): Operand | undefined {
  if (value.kind !== 'hist' && value.kind !== 'lhist') return undefined;
  return value.kind === 'hist'
    ? histBucket(l, operand, value.bits)
    : lhistBucket(l, operand, value);
}

function update(l: Lowering, value: Aggregation, operand: Operand, element: VirtualRegister): void {
  switch (value.kind) {
    case 'count':
    case 'sum':
      addTo(l, pointing(element), operand);
      return;
    case 'avg':
    case 'stats':
      addTo(l, pointing(element), operand);
      addTo(l, pointing(element, 8), 1n);
      return;
    case 'min':
    case 'max':
      keepExtreme(l, value, operand, pointing(element));
      return;
    case 'hist':
      increment(l, element, operand, histBuckets(value.bits));
      return;
    case 'lhist':
      increment(l, element, operand, lhistBuckets(value.min, value.max, value.step));
      return;
    case 'tseries':
  }
}

/** Adds to the element's bucket; the bound is there for the verifier. */
function increment(l: Lowering, element: VirtualRegister, bucket: Operand, buckets: number): void {
  const index = l.b.copy(bucket);
  const outside = l.b.label('no_bucket');
  l.b.branch('ge', index, BigInt(buckets), outside);
  l.b.apply('lsh', index, 3n);
  l.b.apply('add', index, element);
  addTo(l, pointing(index), 1n);
  l.b.place(outside);
}

/**
 * Nothing interrupts a tracepoint, kprobe or perf event program with another of these on its CPU, so that a plain
 * addition loses nothing. The others may be preempted, or meet each other in an interrupt.
 */
function addTo(l: Lowering, address: Address, operand: Operand): void {
  if (runsAlone(l)) {
    const sum = l.b.load(8, address);
    l.b.apply('add', sum, operand);
    l.b.store(8, address, sum);
    return;
  }
  l.b.atomic('add', 8, address, operand, false);
}

function runsAlone(l: Lowering): boolean {
  const { context, attach } = l.probe;
  if (context === 'pt_regs') return attach.kind === 'kprobe';
  return context === 'tracepoint' || context === 'perf_event' || context === 'none';
}

function keepExtreme(
  l: Lowering,
  value: Extract<Aggregation, { signed: boolean }>,
  operand: Operand,
  element: Address,
): void {
  const take = l.b.label('take');
  const keep = l.b.label('keep');
  const isSet = at(element, 8);
  l.b.branch('eq', l.b.load(8, isSet), 0n, take);
  const worse = value.kind === 'min' ? 'ge' : 'le';
  l.b.branch(value.signed ? `s${worse}` : worse, operand, l.b.load(8, element), keep);
  l.b.place(take);
  l.b.store(8, element, operand);
  l.b.store(8, isSet, 1n);
  l.b.place(keep);
}

/** `@ = tseries(n, interval, intervals[, aggregate])`: the slot of the present interval is begun anew or changed. */
import { SERIES_SLOT_BYTES } from '@bpfleet/protocol';
import type { Call, MapReference } from '../syntax/ast.ts';
import type { Aggregation } from '../types/type.ts';
import type { Address, Operand, VirtualRegister } from './ir.ts';
import { readTimeOfDay } from './lower-clock.ts';
import { lowerKey } from './lower-map.ts';
import { withElement } from './lower-map-update.ts';
import { argument } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import type { MapLayout } from './map-layout.ts';
import { at, pointing } from './memory.ts';

type Series = Extract<Aggregation, { kind: 'tseries' }>;

const VALUE_OFFSET = 8;
const META_OFFSET = 16;

export function recordInSeries(
  l: Lowering,
  layout: MapLayout,
  reference: MapReference,
  series: Series,
  call: Call,
): void {
  const { b } = l;
  const now = b.toRegister(readTimeOfDay(l));
  const operand = b.toRegister(l.scalar(argument(call, 0)));
  const epoch = b.arithmetic('div', now, series.intervalNs);
  const slot = b.arithmetic('mod', epoch, BigInt(series.intervals));
  b.apply('add', epoch, 1n);
  const key = lowerKey(l, reference);
  withElement(l, layout, key, reference.span, (element) => {
    const outside = b.label('no_slot');
    // The verifier does not know what a remainder can be.
    b.branch('ge', slot, BigInt(series.intervals), outside);
    const place = b.arithmetic('mul', slot, BigInt(SERIES_SLOT_BYTES));
    b.apply('add', place, element);
    record(l, series, pointing(place), { epoch, now, operand });
    b.place(outside);
  });
}

interface Event {
  /** One more than the number of the interval. */
  readonly epoch: VirtualRegister;
  readonly now: VirtualRegister;
  readonly operand: VirtualRegister;
}

function record(l: Lowering, series: Series, slot: Address, event: Event): void {
  const { b } = l;
  const [value, meta] = [at(slot, VALUE_OFFSET), at(slot, META_OFFSET)];
  if (series.aggregate === 'last') {
    write(l, slot, event, event.now);
    return;
  }
  const begun = b.label('begun');
  const done = b.label('recorded');
  b.branch('eq', b.load(8, slot), event.epoch, begun);
  write(l, slot, event, 1n);
  b.jump(done);
  b.place(begun);
  switch (series.aggregate) {
    case 'avg':
      add(l, meta, 1n);
      add(l, value, event.operand);
      break;
    case 'sum':
      add(l, value, event.operand);
      break;
    case 'min':
    case 'max': {
      const worse = series.aggregate === 'min' ? 'ge' : 'le';
      const comparison = series.signed ? (`s${worse}` as const) : worse;
      b.branch(comparison, event.operand, b.load(8, value), done);
      b.store(8, value, event.operand);
      break;
    }
  }
  b.place(done);
}

function write(l: Lowering, slot: Address, event: Event, meta: Operand): void {
  l.b.store(8, slot, event.epoch);
  l.b.store(8, at(slot, VALUE_OFFSET), event.operand);
  l.b.store(8, at(slot, META_OFFSET), meta);
}

function add(l: Lowering, place: Address, operand: Operand): void {
  const sum = l.b.load(8, place);
  l.b.apply('add', sum, operand);
  l.b.store(8, place, sum);
}

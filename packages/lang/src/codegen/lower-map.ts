/** Reading maps, and the keys and elements that reading and writing share. */
import type { MapReference } from '../syntax/ast.ts';
import { sizeOfType } from '../types/layout.ts';
import { readAggregation } from './read-aggregation.ts';
import type { Address, CallArgument, VirtualRegister } from './ir.ts';
import { reportMissingElement } from './lower-faults.ts';
import type { Lowering } from './lowering.ts';
import type { MapLayout } from './map-layout.ts';
import { pointing, takeMemory } from './memory.ts';
import { narrow } from './narrow.ts';
import { isAggregation, isScalar, scalarBytes } from './type-traits.ts';
import { scalar, type Value } from './value.ts';

export function mapArgument(layout: MapLayout): CallArgument {
  return { kind: 'map', map: layout.spec.name };
}

/** The key in memory; of a map without keys, the number of its one element. */
export function lowerKey(l: Lowering, reference: MapReference): Address {
  const { plan } = l.session.map(reference.name);
  if (plan.key === undefined || reference.key === undefined) {
    const key = takeMemory(l, 4);
    l.b.store(4, key, 0n);
    return key;
  }
  const key = takeMemory(l, sizeOfType(plan.key));
  l.into(reference.key, key, plan.key);
  return key;
}

export function lookUp(l: Lowering, layout: MapLayout, key: Address): VirtualRegister {
  return l.b.call('map_lookup_elem', mapArgument(layout), key);
}

/** The one element of a plain map without keys has a fixed address. */
export function fixedElement(l: Lowering, layout: MapLayout): VirtualRegister | undefined {
  return layout.spec.type === 'array' ? l.b.mapValue(layout.spec.name) : undefined;
}

/** What is not there reads as zero. */
export function readMap(l: Lowering, reference: MapReference): Value {
  const layout = l.session.map(reference.name);
  const { value } = layout.plan;
  if (isAggregation(value)) {
    return scalar(readAggregation(l, layout, value, lowerKey(l, reference), reference.span));
  }
  const fixed = fixedElement(l, layout);
  if (fixed !== undefined) {
    return isScalar(value)
      ? scalar(narrow(l.b, l.b.load(scalarBytes(value), pointing(fixed)), value))
      : { kind: 'memory', address: pointing(fixed) };
  }
  const element = lookUp(l, layout, lowerKey(l, reference));
  reportMissingElement(l, element, reference.span);
  if (isScalar(value)) {
    const result = l.b.copy(0n);
    const missing = l.b.label('missing');
    l.b.branch('eq', element, 0n, missing);
    l.b.move(result, narrow(l.b, l.b.load(scalarBytes(value), pointing(element)), value));
    l.b.place(missing);
    return scalar(result);
  }
  const found = l.b.label('found');
  const pointer = l.b.copy(element);
  l.b.branch('ne', pointer, 0n, found);
  l.session.needZeros(layout.spec.valueSize);
  l.b.move(pointer, l.b.mapValue(l.session.zerosMap));
  l.b.place(found);
  return { kind: 'memory', address: pointing(pointer) };
}

/** Whether an element is there, as 0 or 1. */
export function hasElement(l: Lowering, reference: MapReference): Value {
  const layout = l.session.map(reference.name);
  const result = l.b.copy(0n);
  const missing = l.b.label('missing');
  l.b.branch('eq', lookUp(l, layout, lowerKey(l, reference)), 0n, missing);
  l.b.move(result, 1n);
  l.b.place(missing);
  return scalar(result);
}

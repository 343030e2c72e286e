/** Writing maps: assignment replaces, `++` and compound operators change the element in place and lose nothing. */
import type { Expression, MapReference } from '../syntax/ast.ts';
import type { AssignmentOperator } from '../syntax/operators.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Span } from '../source.ts';
import type { Type } from '../types/type.ts';
import type { Address, AtomicOperation, Operand, VirtualRegister } from './ir.ts';
import { binaryOperator, combine } from './lower-operator.ts';
import { errorOf, reportRefusedUpdate } from './lower-faults.ts';
import { fixedElement, lookUp, lowerKey, mapArgument } from './lower-map.ts';
import type { Lowering } from './lowering.ts';
import type { MapLayout } from './map-layout.ts';
import { copyBytes, inScope, pointing, takeMemory } from './memory.ts';
import { narrow } from './narrow.ts';
import { scaled, strideOf } from './stride.ts';
import { scalarBytes } from './type-traits.ts';

const BPF_ANY = 0n;
const BPF_NOEXIST = 1n;
const EEXIST = 17n;

export function assignMap(
  l: Lowering,
  reference: MapReference,
  operator: AssignmentOperator,
  value: Expression,
): void {
  const binary = binaryOperator(operator);
  if (binary !== undefined) {
    const operand = l.scalar(value);
    updateElement(l, reference, (element, type) => {
      const atomic = atomicFor(operator, type);
      if (atomic === undefined) {
        const old = loadElement(l, element, type);
        const next = combine(l, binary, old, operand, type, value.span);
        l.b.store(scalarBytes(type), element, next);
        return;
      }
      const step = scaled(l, operand, type);
      const by = operator === '-=' ? l.b.arithmetic('sub', 0n, step) : step;
      l.b.atomic(atomic, scalarBytes(type) === 4 ? 4 : 8, element, by, false);
    });
    return;
  }
  inScope(l, () => {
    replaceElement(l, reference, value);
  });
}

function replaceElement(l: Lowering, reference: MapReference, value: Expression): void {
  const layout = l.session.map(reference.name);
  const type = layout.plan.value;
  const fixed = fixedElement(l, layout);
  if (fixed !== undefined) {
    const made = sizeOfType(type) > 8 ? takeMemory(l, sizeOfType(type)) : undefined;
    if (made === undefined) l.into(value, pointing(fixed), type);
    else {
      // The value may be made from the element itself.
      l.into(value, made, type);
      copyBytes(l, pointing(fixed), made, sizeOfType(type));
    }
    markSet(l, layout, fixed);
    return;
  }
  const made = takeMemory(l, layout.spec.valueSize);
  if (sizeOfType(type) < layout.spec.valueSize) {
    l.b.store(8, { ...made, offset: made.offset + layout.spec.valueSize - 8 }, 0n);
  }
  l.into(value, made, type);
  const key = lowerKey(l, reference);
  const result = l.b.call('map_update_elem', mapArgument(layout), key, made, BPF_ANY);
  const refused = l.b.label('refused');
  const done = l.b.label('updated');
  l.b.branch('ne', result, 0n, refused);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(refused);
    reportRefusedUpdate(l, 'map_update_elem', errorOf(l, result), reference.span);
    l.b.jump(done);
  });
}

/** `++` and `--`; the new value if `prefix`, else the old. */
export function incrementMap(
  l: Lowering,
  reference: MapReference,
  step: bigint,
  prefix: boolean,
): Operand {
  const result = l.b.copy(0n);
  updateElement(l, reference, (element, type) => {
    const size = scalarBytes(type);
    if (size === 4 || size === 8) {
      const by = step * strideOf(type);
      const old = narrow(l.b, l.b.atomic('add', size, element, by, true), type);
      l.b.move(result, prefix ? l.b.arithmetic('add', old, by) : old);
      return;
    }
    const old = loadElement(l, element, type);
    const next = l.b.arithmetic('add', old, step);
    l.b.store(size, element, next);
    l.b.move(result, prefix ? narrow(l.b, next, type) : old);
  });
  return result;
}

/** `++` and `--` whose value nobody wants. */
export function bumpMap(l: Lowering, reference: MapReference, step: bigint): void {
  updateElement(l, reference, (element, type) => {
    const size = scalarBytes(type);
    if (size === 4 || size === 8) {
      l.b.atomic('add', size, element, step * strideOf(type), false);
    } else {
      const next = l.b.arithmetic('add', loadElement(l, element, type), step);
      l.b.store(size, element, next);
    }
  });
}

function updateElement(
  l: Lowering,
  reference: MapReference,
  update: (element: Address, type: Type) => void,
): void {
  const layout = l.session.map(reference.name);
  const fixed = fixedElement(l, layout);
  if (fixed !== undefined) {
    update(pointing(fixed), layout.plan.value);
    markSet(l, layout, fixed);
    return;
  }
  inScope(l, () => {
    withElement(l, layout, lowerKey(l, reference), reference.span, (element) => {
      update(pointing(element), layout.plan.value);
    });
  });
}

/** Runs `write` with the element, made from zeros if it is missing; not at all if the map is full. */
export function withElement(
  l: Lowering,
  layout: MapLayout,
  key: Address,
  span: Span,
  write: (element: VirtualRegister) => void,
): void {
  const missing = l.b.label('missing');
  const found = l.b.label('element');
  const done = l.b.label('updated');
  const element = l.b.copy(lookUp(l, layout, key));
  l.b.branch('eq', element, 0n, missing);
  l.b.place(found);
  write(element);
  l.b.place(done);
  l.b.cold(() => {
    l.b.place(missing);
    if (layout.plan.key !== undefined) {
      l.session.needZeros(layout.spec.valueSize);
      const zeros = { kind: 'map-value', map: l.session.zerosMap, offset: 0 } as const;
      const result = l.b.call('map_update_elem', mapArgument(layout), key, zeros, BPF_NOEXIST);
      // Another CPU may have made it in the meantime, or deleted it again: that is no failure.
      l.b.move(element, lookUp(l, layout, key));
      l.b.branch('ne', element, 0n, found);
      l.b.branch('eq', result, 0n, done);
      const error = errorOf(l, result);
      l.b.branch('eq', error, -EEXIST, done);
      reportRefusedUpdate(l, 'map_update_elem', error, span);
    }
    l.b.jump(done);
  });
}

/** Of the one element of a map without keys: it was assigned. */
export function markSet(l: Lowering, layout: MapLayout, element: VirtualRegister): void {
  if (layout.setOffset !== undefined) l.b.store(8, pointing(element, layout.setOffset), 1n);
}

function loadElement(l: Lowering, element: Address, type: Type): Operand {
  return narrow(l.b, l.b.load(scalarBytes(type), element), type);
}

function atomicFor(operator: AssignmentOperator, type: Type): AtomicOperation | undefined {
  const size = scalarBytes(type);
  if (size !== 4 && size !== 8) return undefined;
  switch (operator) {
    case '+=':
    case '-=':
      return 'add';
    case '&=':
      return 'and';
    case '|=':
      return 'or';
    case '^=':
      return 'xor';
    default:
      return undefined;
  }
}

/** `for ($kv : @map)`: which maps can be gone through, and what the variable is. */
import { aggregationValue, isAggregation } from '../builtins/aggregations.ts';
import { notIterable, scalarIterated } from '../diagnostics/messages/maps.ts';
import type { MapReference } from '../syntax/ast.ts';
import { tuple } from '../types/layout.ts';
import { printType } from '../types/print-type.ts';
import type { TupleType } from '../types/scalars.ts';
import { requireMap } from './map-uses.ts';
import type { TypingContext } from './typing-context.ts';

/** Key and value of an element; an aggregation is its number. Undefined for what is not known yet, or was reported. */
export function pairType(map: MapReference, context: TypingContext): TupleType | undefined {
  const { keyed, key, value } = context.maps.state(map.name);
  if (keyed === false) {
    context.report(scalarIterated(map.span, map.name));
    return undefined;
  }
  if (value === undefined) requireMap(map, context);
  if (key === undefined || value === undefined) return undefined;
  const read = isAggregation(value.type) ? aggregationValue(value.type) : value.type;
  if (read === undefined) {
    context.report(notIterable(map.span, printType(value.type)));
    return undefined;
  }
  return tuple([key.type, read]);
}

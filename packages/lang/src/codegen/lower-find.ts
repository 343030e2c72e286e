/** `find(@m, k, $v)`: whether an element is there, and its value if it is; the variable keeps its own if not. */
import { invariant } from '@bpfleet/bpf/asm';
import type { Call } from '../syntax/ast.ts';
import type { Operand } from './ir.ts';
import { lookUp, lowerKey } from './lower-map.ts';
import { argument } from './lower-string.ts';
import { copyToVariable, setVariable } from './lower-variable.ts';
import type { Lowering } from './lowering.ts';
import { pointing } from './memory.ts';
import { readAggregation } from './read-aggregation.ts';
import { isAggregation } from './type-traits.ts';

export function lowerFind(l: Lowering, call: Call): Operand {
  const element = argument(call, 0);
  const variable = argument(call, 1);
  invariant(element.kind === 'map', 'lower: find() looks into a map');
  invariant(variable.kind === 'variable', 'lower: find() fills a variable');
  const layout = l.session.map(element.name);
  const { value } = layout.plan;
  const key = lowerKey(l, element);
  const result = l.b.copy(0n);
  const missing = l.b.label('missing');
  const found = lookUp(l, layout, key);
  l.b.branch('eq', found, 0n, missing);
  l.b.move(result, 1n);
  if (isAggregation(value)) {
    setVariable(l, variable.name, readAggregation(l, layout, value, key, element.span));
  } else copyToVariable(l, variable.name, pointing(found), value);
  l.b.place(missing);
  return result;
}

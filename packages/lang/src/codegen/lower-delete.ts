/** `delete(@m[k])`: whether there was such an element. */
import type { Call } from '../syntax/ast.ts';
import { refuse } from './codegen-fault.ts';
import type { Operand } from './ir.ts';
import { errorOf, sendHelperError } from './lower-faults.ts';
import { fixedElement, lookUp, lowerKey, mapArgument } from './lower-map.ts';
import { argument } from './lower-string.ts';
import type { Lowering } from './lowering.ts';
import { inScope, pointing, zeroBytes } from './memory.ts';

/** As a statement: that there was none is reported, for nobody asks. */
export function deleteOrReport(l: Lowering, call: Call): void {
  const element = argument(call, 0);
  if (element.kind !== 'map' || l.session.map(element.name).plan.key === undefined) {
    deleteElement(l, call);
    return;
  }
  const layout = l.session.map(element.name);
  inScope(l, () => {
    const failure = l.b.call('map_delete_elem', mapArgument(layout), lowerKey(l, element));
    const failed = l.b.label('not_deleted');
    const done = l.b.label('deleted');
    l.b.branch('ne', failure, 0n, failed);
    l.b.place(done);
    l.b.cold(() => {
      l.b.place(failed);
      sendHelperError(l, 'map_delete_elem', errorOf(l, failure), call.span);
      l.b.jump(done);
    });
  });
}

export function deleteElement(l: Lowering, call: Call): Operand {
  const element = argument(call, 0);
  if (element.kind !== 'map') return refuse(call.span, 'delete() of this');
  const layout = l.session.map(element.name);
  return inScope(l, () => {
    const result = l.b.copy(1n);
    const done = l.b.label('deleted');
    if (layout.plan.key === undefined) {
      // The one element of an array cannot go: it becomes as new.
      const fixed = fixedElement(l, layout) ?? lookUp(l, layout, lowerKey(l, element));
      if (layout.schema.perCpu) l.b.branch('eq', fixed, 0n, done);
      zeroBytes(l, pointing(fixed), layout.spec.valueSize);
    } else {
      const failure = l.b.call('map_delete_elem', mapArgument(layout), lowerKey(l, element));
      l.b.branch('eq', failure, 0n, done);
      l.b.move(result, 0n);
    }
    l.b.place(done);
    return result;
  });
}

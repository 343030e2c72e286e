/** What a program has of a tracepoint's event, and would not have, or have otherwise, at the raw tracepoint. */
import type { AnyNode } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';

/** The kernel's stack, the context, which functions of the kernel may be called. */
const OF_THE_EVENT: ReadonlySet<string> = new Set([
  ...['kstack', 'stack', 'dw_ustack', 'ctx'],
  ...['kfunc_allowed', 'kfunc_exist'],
]);

/** The first such thing by name; `args` where it is used as a whole or, without `hasFields`, at all. */
export function usesEvent(item: AnyNode, hasFields: boolean): string | undefined {
  let used: string | undefined;
  const whole = new Set<AnyNode>();
  walk(item, {
    enter: (node) => {
      const name =
        node.kind === 'identifier' ? node.name : node.kind === 'call' ? node.callee : undefined;
      const plain = name?.replace(/^__builtin_/, '');
      if (plain !== undefined && OF_THE_EVENT.has(plain)) used ??= plain;
      if (node.kind === 'identifier' && name === 'args') whole.add(node);
    },
    leave: (node) => {
      if (hasFields && node.kind === 'field') whole.delete(node.object);
    },
  });
  return used ?? (whole.size > 0 ? 'args' : undefined);
}

/** Which of the program's functions call which: callees come first. Chains may be as long as the program. */
import type { Block, Call } from '../syntax/ast.ts';
import { callsIn } from '../syntax/calls-in.ts';

type Functions = ReadonlyMap<string, { readonly body: Block }>;

interface Open {
  readonly name: string;
  readonly calls: Iterator<Call>;
}

/** Names, those that a function calls before its own; `onCycle` gets the call that leads back, and the names on the way. */
export function calleesFirst(
  functions: Functions,
  onCycle?: (call: Call, names: readonly string[]) => void,
): readonly string[] {
  const order = new Set<string>();
  for (const first of functions.keys()) {
    const chain: Open[] = [];
    const open = (name: string): void => {
      const written = functions.get(name);
      if (written === undefined || order.has(name)) return;
      chain.push({ name, calls: callsIn(written.body).values() });
    };
    open(first);
    for (let last = chain.at(-1); last !== undefined; last = chain.at(-1)) {
      const { value: call, done } = last.calls.next();
      if (done === true) {
        order.add(last.name);
        chain.pop();
        continue;
      }
      const start = chain.findIndex(({ name }) => name === call.callee);
      if (start === -1) open(call.callee);
      else
        onCycle?.(
          call,
          chain.slice(start).map(({ name }) => name),
        );
    }
  }
  return [...order];
}

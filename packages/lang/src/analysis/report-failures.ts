/** `fail(…)` in what is left of the program: its message is an error of the program. */
import { formatPrintf } from '@bpfleet/protocol';
import type { Value, ValueType } from '@bpfleet/protocol';
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { badFailFormat, failed, failOfUnknown } from '../diagnostics/messages/constants.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import type { BoundProbe } from './bind-probes.ts';
import { integerValue } from './constants.ts';

interface Argument {
  readonly value: Value;
  readonly type: ValueType;
}

export function reportFailures({ body }: BoundProbe, diagnostics: Diagnostics): void {
  walk(body, {
    enter: (node) => {
      if (node.kind === 'call' && node.callee === 'fail') report(node, diagnostics);
    },
  });
}

function report({ arguments: given, span }: Call, diagnostics: Diagnostics): void {
  const found: Argument[] = [];
  for (const node of given) {
    const argument = node.kind === 'type-name' ? undefined : literal(node);
    if (argument === undefined) diagnostics.add(failOfUnknown(span));
    else found.push(argument);
  }
  const [format, ...rest] = found;
  if (found.length < given.length || format === undefined) return;
  if (typeof format.value !== 'string') return diagnostics.add(badFailFormat(span));
  const message = formatPrintf(
    format.value,
    rest.map(({ value }) => value),
    rest.map(({ type }) => type),
  );
  diagnostics.add(failed(span, message));
}

function literal(node: Expression): Argument | undefined {
  if (node.kind === 'string') {
    return { value: node.value, type: { kind: 'string', size: node.value.length + 1 } };
  }
  if (node.kind === 'boolean') return { value: node.value, type: { kind: 'boolean' } };
  const value = integerValue(node);
  if (value === undefined) return undefined;
  return { value, type: { kind: 'integer', size: 8, signed: value < 0n } };
}

/** Types that do not go together. */
import type { Span } from '../../source.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { didYouMean, error, warning } from './message.ts';

export function assignmentMismatch(
  span: Span,
  what: 'variable' | 'map',
  name: string,
  given: string,
  current: string,
): Diagnostic {
  return error(
    'type-mismatch',
    span,
    `Type mismatch for ${name}: trying to assign value of type '${given}' when ${what} already has a type '${current}'`,
  );
}

export function notAssignable(
  span: Span,
  type: string,
  to: 'scratch variable' | 'map',
): Diagnostic {
  return error('not-assignable', span, `Value '${type}' cannot be assigned to a ${to}.`);
}

export function aggregationCopied(
  span: Span,
  type: string,
  map: string,
  example: string,
  from: string | undefined,
): Diagnostic {
  const hint =
    from === undefined
      ? undefined
      : `Add a cast to integer if you want the value of the aggregate, e.g. \`${map} = (int64)${from};\`.`;
  return error(
    'aggregation-copied',
    span,
    `Map value '${type}' cannot be assigned from one map to another. ` +
      `The function that returns this type must be called directly e.g. \`${map} = ${example};\`.`,
    [hint],
  );
}

export function badOperands(span: Span, operator: string, left: string, right: string): Diagnostic {
  return error(
    'bad-operands',
    span,
    `The ${operator} operator can not be used on expressions of types ${left}, ${right}`,
  );
}

export function badOperand(span: Span, operator: string, type: string): Diagnostic {
  return error(
    'bad-operands',
    span,
    `The ${operator} operator can not be used on expressions of type '${type}'`,
  );
}

export function badArrayOperands(span: Span, fault: string): Diagnostic {
  return error('bad-operands', span, fault);
}

export function comparisonMismatch(
  span: Span,
  operator: string,
  left: { readonly span: Span; readonly type: string },
  right: { readonly span: Span; readonly type: string },
): Diagnostic {
  return {
    ...error(
      'type-mismatch',
      span,
      `Type mismatch for '${operator}': comparing ${left.type} with ${right.type}`,
    ),
    labels: [
      { span: left.span, message: `left (${left.type})` },
      { span: right.span, message: `right (${right.type})` },
    ],
  };
}

export function branchMismatch(span: Span, left: string, right: string): Diagnostic {
  return error(
    'branch-mismatch',
    span,
    `Branches must return the same type or compatible types: have '${left}' and '${right}'`,
  );
}

export function badCondition(span: Span, kind: string): Diagnostic {
  return error('bad-condition', span, `Invalid condition: ${kind}`);
}

export function badReturn(span: Span, type: string): Diagnostic {
  return error('bad-return', span, `Probe return values can only be integers. Found ${type}`);
}

// ── fields and elements ────────────────────────────────────────────────────────────────────────────

export function unknownField(
  span: Span,
  owner: string,
  field: string,
  near: string | undefined,
): Diagnostic {
  return error('unknown-field', span, `${owner} does not contain a field named '${field}'`, [
    didYouMean(near),
  ]);
}

/** @param hasKernelTypes whether the machine has BTF of its kernel */
export function unknownStruct(span: Span, name: string, hasKernelTypes: boolean): Diagnostic {
  const hint =
    'The types of this kernel are not known: there is no /sys/kernel/btf/vmlinux. Declare the struct in the program.';
  return error('unknown-struct', span, `Unknown struct/union: '${name}'`, [
    hasKernelTypes ? undefined : hint,
  ]);
}

export function commonField(span: Span): Diagnostic {
  return error('common-field', span, 'BPF does not support accessing common tracepoint fields');
}

export function noFields(span: Span, field: string, type: string): Diagnostic {
  return error(
    'no-fields',
    span,
    `Can not access field '${field}' on expression of type '${type}'`,
  );
}

export function badTupleIndex(span: Span, index: number, count: number): Diagnostic {
  return error(
    'bad-index',
    span,
    `Invalid tuple index: ${index}. Found ${count} elements in tuple.`,
  );
}

export function notATuple(span: Span, index: number, type: string): Diagnostic {
  return error(
    'no-elements',
    span,
    `Can not access index '${index}' on expression of type '${type}'`,
  );
}

export function notAnArray(span: Span, type: string): Diagnostic {
  return error(
    'no-elements',
    span,
    `The array index operator [] can only be used on arrays, pointers, and tuples, found ${type}.`,
  );
}

export function unsizedElements(span: Span): Diagnostic {
  return error(
    'no-elements',
    span,
    'The array index operator [] cannot be used on a pointer to an unsized type (void *).',
  );
}

export function badIndexType(span: Span, type: string): Diagnostic {
  return error(
    'bad-index',
    span,
    `The array index operator [] only accepts non-negative integer indices. Got: ${type}`,
  );
}

export function indexOutOfBounds(span: Span, index: bigint, length: number): Diagnostic {
  return error(
    'bad-index',
    span,
    `the index ${index} is out of bounds for array of size ${length}`,
  );
}

export function notAPointer(span: Span, type: string, isStruct: boolean): Diagnostic {
  const what = isStruct ? 'struct/union of type' : 'type';
  return error(
    'not-a-pointer',
    span,
    `Can not dereference ${what} '${type}'. It is not a pointer.`,
  );
}

export function badOffset(span: Span, fault: string): Diagnostic {
  return error('bad-offset', span, fault);
}

// ── casts and names of types ───────────────────────────────────────────────────────────────────────

export function unknownType(span: Span, name: string): Diagnostic {
  return error('unknown-type', span, `Cannot resolve unknown type "${name}"`);
}

export function badCast(span: Span, from: string, to: string): Diagnostic {
  return error('bad-cast', span, `Cannot cast from "${from}" to "${to}"`);
}

export function castFromStruct(span: Span, type: string): Diagnostic {
  return error('bad-cast', span, `Cannot cast from C type "${type}"`);
}

export function unknownVariant(span: Span, name: string, value: bigint): Diagnostic {
  return error('bad-cast', span, `Enum: ${name} doesn't contain a variant value of ${value}`);
}

export function unnecessaryCast(span: Span, type: string): Diagnostic {
  return warning(
    'unnecessary-cast',
    span,
    `Unnecessary cast: expression is already of type ${type}`,
  );
}

// ── doubtful, but allowed ──────────────────────────────────────────────────────────────────────────

export function doubtfulCast(span: Span, from: string, to: string): Diagnostic {
  return warning(
    'doubtful-cast',
    span,
    `Expression of type: ${from} being cast to type: ${to}. This may cause unexpected results. ` +
      'Use an explicit cast to suppress this warning.',
  );
}

export function distinctPointers(
  span: Span,
  left: { readonly span: Span; readonly type: string },
  right: { readonly span: Span; readonly type: string },
): Diagnostic {
  return {
    ...warning(
      'distinct-pointers',
      span,
      `comparison of distinct pointer types: ${left.type}, ${right.type}`,
    ),
    labels: [
      { span: left.span, message: `left (${left.type})` },
      { span: right.span, message: `right (${right.type})` },
    ],
  };
}

export function badVariableType(span: Span, type: string): Diagnostic {
  return error('bad-variable-type', span, `Invalid variable declaration type: ${type}`);
}

export function valueDiscarded(span: Span): Diagnostic {
  return warning('value-discarded', span, 'Return value discarded.');
}

export function lockedType(span: Span, name: string, given: string, locked: string): Diagnostic {
  return error(
    'locked-type',
    span,
    `Type mismatch for ${name}: this type has been locked because it was used in another part of the type graph that was ` +
      `already resolved (e.g. \`sizeof\`, \`typeinfo\`, etc.). The new type '${given}' doesn't fit into the locked type '${locked}'`,
  );
}

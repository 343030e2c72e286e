/** Reading, writing and naming maps: what each use says about their keys and values. */
import {
  aggregationNames,
  aggregationValue,
  findAggregation,
  isAggregation,
} from '../builtins/aggregations.ts';
import type { AggregationKind } from '../builtins/aggregations.ts';
import {
  literalExpected,
  wrongArgumentCount,
  wrongArgumentType,
  invalidCall,
} from '../diagnostics/messages/calls.ts';
import {
  aggregationAsKey,
  aggregationMismatch,
  badKey,
  bucketsDiffer,
  keyMismatch,
  keyTypeMismatch,
  mixedKeys,
} from '../diagnostics/messages/maps.ts';
import { undefinedMap } from '../diagnostics/messages/names.ts';
import {
  aggregationCopied,
  assignmentMismatch,
  doubtfulCast,
  lockedType,
  notAssignable,
} from '../diagnostics/messages/types.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Span } from '../source.ts';
import type { Call, Expression, MapReference } from '../syntax/ast.ts';
import { printKind, printType } from '../types/print-type.ts';
import { castImplicitly } from '../types/implicit-cast.ts';
import { sameType, type Promotable } from '../types/promote.ts';
import type { Flexibility } from '../types/sign-flexible.ts';
import type { Aggregation, Type } from '../types/type.ts';
import { literalValue } from './constants.ts';
import { valueType } from './operator-types.ts';
import { keeps } from './type-locks.ts';
import type { TypingContext } from './typing-context.ts';

/** Records that one element is used, with a key of this type if it is known yet; false if it was used otherwise before. */
export function useElement(
  node: MapReference,
  key: Promotable | undefined,
  context: TypingContext,
): boolean {
  const { maps } = context;
  const keyed = node.key !== undefined;
  if (!maps.use(node.name, keyed, node.span)) {
    context.report(mixedKeys(node.span, node.name, !keyed));
    return false;
  }
  if (node.key === undefined || key === undefined) return true;
  const type = valueType(key.type);
  if (isAggregation(type)) {
    context.report(aggregationAsKey(node.span, printType(type)));
    return false;
  }
  if (!canBeKey(type)) {
    context.report(badKey(node.key.span, printType(type)));
    return false;
  }
  const given = { ...key, type };
  const lock = context.locks.map(node.name)?.key;
  if (lock !== undefined && !keeps(lock, given)) {
    context.report(lockedType(node.span, node.name, printType(type), printType(lock.type)));
    return false;
  }
  if (maps.widenKey(node.name, given)) {
    return isAggregation(key.type) || becomesKey(node, node.key, given, context);
  }
  const current = maps.state(node.name).key?.type ?? type;
  context.report(keyMismatch(node.span, node.name, printType(type), printType(current)));
  return false;
}

function becomesKey(
  node: MapReference,
  written: Expression,
  given: Promotable,
  { maps, report }: TypingContext,
): boolean {
  const key = maps.state(node.name).key?.type ?? given.type;
  const fits = castImplicitly(written, given, key, (span, from, to) => {
    report(doubtfulCast(span, printType(from), printType(to)));
  });
  if (!fits) {
    report(keyTypeMismatch(node.span, node.name, printType(given.type), printType(key)));
  }
  return fits;
}

function canBeKey(type: Type): boolean {
  if (type.kind === 'tuple' || type.kind === 'record') {
    return type.fields.length > 0 && type.fields.every((field) => canBeKey(field.type));
  }
  return type.kind !== 'void' && !isAggregation(type);
}

/** The type of what an element holds. */
export function readElement(node: MapReference, context: TypingContext): Type | undefined {
  const value = context.maps.state(node.name).value?.type;
  if (value === undefined) reportUndefined(node, context);
  return value;
}

/** A map that is named without being read or written, as by `clear` and `delete`: it must be assigned somewhere. */
export function requireMap(node: MapReference, context: TypingContext): void {
  if (context.maps.states.get(node.name)?.value === undefined) reportUndefined(node, context);
}

function reportUndefined(node: MapReference, context: TypingContext): void {
  const known = [...context.maps.states.values()].filter((state) => state.value !== undefined);
  const near = suggest(
    node.name,
    known.map((state) => state.name),
  );
  context.report(undefinedMap(node.span, node.name, near));
}

/** `@m[k] = value`; aggregations have their own way in. */
export function assignElement(
  node: MapReference,
  value: {
    readonly expression: Expression;
    readonly type: Type;
    readonly signFlexible: Flexibility;
    readonly span: MapReference['span'];
  },
  context: TypingContext,
): void {
  const { locks, maps, report } = context;
  const current = maps.state(node.name).value?.type;
  const type = assignable(node, value, current, context);
  if (type === undefined) return;
  if (current !== undefined && isAggregation(current)) {
    report(assignmentMismatch(value.span, 'map', node.name, printType(type), printType(current)));
    return;
  }
  const given = {
    type,
    signFlexible: value.signFlexible,
    followsTarget: isAddress(value.expression),
  };
  const lock = locks.map(node.name)?.value;
  if (lock !== undefined && !keeps(lock, given)) {
    report(lockedType(value.span, node.name, printType(type), printType(lock.type)));
    return;
  }
  const widened = maps.widenValue(node.name, given);
  const held = maps.state(node.name).exact?.type ?? current ?? type;
  const fits =
    widened &&
    (isAggregation(value.type) ||
      castImplicitly(value.expression, given, held, (span, from, to) => {
        report(doubtfulCast(span, printType(from), printType(to)));
      }));
  if (fits) return;
  report(assignmentMismatch(value.span, 'map', node.name, printType(type), printType(held)));
}

function isAddress(expression: Expression): boolean {
  return expression.kind === 'unary' && expression.operator === '&';
}

const EXAMPLES: Readonly<Record<Aggregation['kind'], string>> = {
  count: 'count()',
  sum: 'sum(retval)',
  min: 'min(retval)',
  max: 'max(retval)',
  avg: 'avg(retval)',
  stats: 'stats(arg2)',
  hist: 'hist(retval)',
  lhist: 'lhist(rand %10, 0, 10, 1)',
  tseries: 'tseries(rand %10, 10s, 1)',
};

function assignable(
  node: MapReference,
  value: {
    readonly expression: Expression;
    readonly type: Type;
    readonly span: MapReference['span'];
  },
  current: Type | undefined,
  { report }: TypingContext,
): Type | undefined {
  const { type, expression, span } = value;
  if (isAggregation(type)) {
    const read = aggregationValue(type);
    if (read !== undefined && current?.kind === 'integer') return read;
    const example = EXAMPLES[type.kind];
    const from =
      expression.kind === 'map' && read !== undefined ? textOf(expression.span) : undefined;
    report(aggregationCopied(span, printType(type), node.name, example, from));
    return undefined;
  }
  // The kernel has no maps of values that take no room.
  if (type.kind === 'void' || (type.kind === 'tuple' && type.fields.length === 0)) {
    report(notAssignable(span, printType(type), 'map'));
    return undefined;
  }
  return type;
}

function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

/** `@m[k] = hist(…)`: `types` are those of the call's arguments. */
export function aggregate(
  node: MapReference,
  call: Call,
  types: readonly (Type | undefined)[],
  context: TypingContext,
): void {
  const kind = findAggregation(call.callee);
  if (kind === undefined || !checkArguments(kind, call, types, context)) return;
  const arguments_ = call.arguments.filter((argument) => argument.kind !== 'type-name');
  const made = {
    signed: isSigned(arguments_[0], types[0]),
    arguments: arguments_,
    literal: (index: number): bigint | undefined => integerAt(arguments_, index),
    text: (index: number): string | undefined => {
      const argument = arguments_[index];
      return argument?.kind === 'string' ? argument.value : undefined;
    },
  };
  const fault = kind.check?.(made);
  if (fault !== undefined) return context.report(invalidCall(call.span, fault));
  const type = kind.type(made);
  context.types.set(call, type);
  gather(node, call, type, context);
}

function gather(node: MapReference, call: Call, type: Aggregation, context: TypingContext): void {
  const { maps, report } = context;
  const current = maps.state(node.name).value?.type;
  if (current === undefined) return maps.setAggregation(node.name, type);
  if (current.kind !== type.kind) {
    const held = maps.state(node.name).exact?.type ?? current;
    report(aggregationMismatch(call.span, node.name, printType(type), printType(held)));
  } else if ('signed' in type && 'signed' in current) {
    if (!sameType({ ...current, signed: type.signed }, type)) {
      report(bucketsDiffer(call.span, call.callee));
    } else if (type.signed && !current.signed) maps.setAggregation(node.name, type);
  } else if (!sameType(current, type)) {
    report(bucketsDiffer(call.span, call.callee));
  }
}

function isSigned(argument: Expression | undefined, type: Type | undefined): boolean {
  if (argument === undefined || type === undefined) return false;
  const value = valueType(type);
  return value.kind === 'integer' && value.signed;
}

function integerAt(given: readonly Expression[], index: number): bigint | undefined {
  const argument = given[index];
  return argument === undefined ? undefined : literalValue(argument);
}

function checkArguments(
  kind: AggregationKind,
  call: Call,
  types: readonly (Type | undefined)[],
  { report }: TypingContext,
): boolean {
  const [fewest, most] = kind.arity;
  const given = call.arguments.length;
  if (given < fewest || given > most) {
    report(wrongArgumentCount(call.span, kind.name, kind.arity, given));
    return false;
  }
  let right = true;
  for (const [index, argument] of call.arguments.entries()) {
    const type = types[index];
    if (type === undefined) continue;
    if (kind.texts?.includes(index) === true) {
      if (argument.kind === 'string') continue;
      report(literalExpected(call.span, kind.name, 'string', printKind(type)));
      right = false;
    } else if (kind.literals.includes(index) && argument.kind !== 'integer') {
      report(literalExpected(call.span, kind.name, 'int', printKind(type)));
      right = false;
    } else if (valueType(type).kind !== 'integer') {
      report(wrongArgumentType(call.span, kind.name, 'integer', printType(type)));
      right = false;
    }
  }
  return right;
}

export function isAggregationCall(expression: Expression): expression is Call {
  return expression.kind === 'call' && aggregationNames().includes(expression.callee);
}

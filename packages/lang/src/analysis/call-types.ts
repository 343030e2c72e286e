/** Calls of functions: their arguments against the registry, and what they give. */
import { argumentRule } from '../builtins/call-kind.ts';
import type { ArgumentRule, CallKind, TypedCall } from '../builtins/call-kind.ts';
import { callNames, findCall } from '../builtins/calls.ts';
import { findAggregation } from '../builtins/aggregations.ts';
import {
  badFormat,
  debugOutput,
  exitInLoop,
  invalidCall,
  literalExpected,
  mapExpected,
  mustBeAssignedToMap,
  printInLoop,
  topOfStats,
  truncatedLength,
  unsafeCall,
  wordExpected,
  wrongArgumentCount,
  wrongArgumentType,
} from '../diagnostics/messages/calls.ts';
import { notSupportedYet, unknownFunction } from '../diagnostics/messages/names.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';
import type { Call, Expression, MapReference, TypeName, Variable } from '../syntax/ast.ts';
import { encodeText } from '@bpfleet/protocol';
import { printKind, printType } from '../types/print-type.ts';
import { string } from '../types/scalars.ts';
import type { Type } from '../types/type.ts';
import { functionCallType } from './function-types.ts';
import { requireMap } from './map-uses.ts';
import { valueType } from './operator-types.ts';
import type { TypingContext } from './typing-context.ts';

/** The parts of a body's typing that calls need. */
export interface CallSite {
  readonly context: TypingContext;
  readonly probe: ProbeDraft;
  readonly inLoop: boolean;
  readonly typeOf: (expression: Expression) => Type | undefined;
  readonly useElement: (map: MapReference) => boolean;
  /** The variable is given the value of the element that is the call's first argument. */
  readonly receive: (variable: Variable, call: Call) => void;
}

export function callType(node: Call, site: CallSite): Type | undefined {
  const { report } = site.context;
  const signature = site.context.signatures.get(node.callee);
  if (signature !== undefined) {
    return functionCallType(node, signature, site.context, site.typeOf);
  }
  const kind = findCall(node.callee);
  if (kind === undefined) {
    typeArguments(node, site);
    if (findAggregation(node.callee) !== undefined)
      report(mustBeAssignedToMap(node.span, node.callee));
    else {
      const near = suggest(node.callee, [...callNames(), ...site.context.signatures.keys()]);
      report(unknownFunction(node.calleeSpan, node.callee, near));
    }
    return undefined;
  }
  const given = node.arguments.length;
  if (given < kind.arity[0] || given > kind.arity[1]) {
    typeArguments(node, site);
    report(wrongArgumentCount(node.span, kind.name, kind.arity, given));
    return undefined;
  }
  if (kind.unsafe !== undefined && !site.context.unsafe) {
    report(unsafeCall(node.span, kind.name, kind.unsafe === 'library'));
  }
  const types = node.arguments.map((argument, index) =>
    checkArgument(node, kind, argument, argumentRule(kind, index), site),
  );
  const call = typedCall(node, types, site);
  const message = kind.formats === true ? badFormat : invalidCall;
  for (const fault of kind.check?.(call) ?? []) report(message(node.span, fault));
  warn(node, call, site);
  return kind.type(call);
}

function typeArguments(node: Call, site: CallSite): void {
  for (const argument of node.arguments) {
    if (argument.kind !== 'type-name') site.typeOf(argument);
  }
}

function checkArgument(
  node: Call,
  kind: CallKind,
  argument: Expression | TypeName,
  rule: ArgumentRule,
  site: CallSite,
): Type | undefined {
  const { context } = site;
  if (argument.kind === 'type-name') {
    context.report(notSupportedYet(argument.span, `a type as argument of ${kind.name}()`));
    return undefined;
  }
  switch (rule) {
    case 'map':
    case 'map-or-value':
      if (argument.kind === 'map' && argument.key === undefined) {
        requireMap(argument, context);
        return undefined;
      }
      if (rule === 'map-or-value') return site.typeOf(argument);
      context.report(mapExpected(argument.span, kind.name));
      return undefined;
    case 'map-element':
      if (argument.kind !== 'map') context.report(mapExpected(argument.span, kind.name));
      else if (argument.key !== undefined && context.maps.state(argument.name).keyed === false) {
        context.report(invalidCall(node.span, expectsKeys(CALLS_OF_ELEMENTS[kind.name] ?? '')));
      } else if (site.useElement(argument)) requireMap(argument, context);
      return undefined;
    case 'keyed-map-or-value':
      if (argument.kind !== 'map' || argument.key !== undefined) return site.typeOf(argument);
      requireMap(argument, context);
      return lengthOfMap(node, kind.name, argument, site);
    case 'element-value':
      if (argument.kind !== 'variable') {
        context.report(invalidCall(node.span, `${kind.name}() puts the value into a variable`));
      } else site.receive(argument, node);
      return undefined;
    case 'word':
      if (argument.kind !== 'identifier') context.report(wordExpected(argument.span, kind.name));
      return undefined;
    case 'word-or-integer':
      return argument.kind === 'identifier' ? undefined : site.typeOf(argument);
    case 'any':
      return site.typeOf(argument);
    case 'integer':
    case 'integer-literal':
    case 'string':
    case 'string-literal':
      return checkKind(node, kind, argument, rule, site);
  }
}

/** What functions that are given one element are called where the map has none. */
const CALLS_OF_ELEMENTS: Readonly<Record<string, string>> = {
  delete: 'delete() with two arguments',
  find: 'find',
  has_key: 'has_key()',
};

function expectsKeys(call: string): string {
  return `call to ${call} expects a map with explicit keys (non-scalar map)`;
}

/** A map without keys is its value, which may be a stack. */
function lengthOfMap(
  node: Call,
  name: string,
  map: MapReference,
  { context, typeOf }: CallSite,
): Type | undefined {
  const { keyed, value } = context.maps.state(map.name);
  if (keyed !== false) return undefined;
  if (value?.type.kind === 'kstack' || value?.type.kind === 'ustack') return typeOf(map);
  context.report(invalidCall(node.span, expectsKeys(`${name}()`)));
  return undefined;
}

function checkKind(
  node: Call,
  kind: CallKind,
  argument: Expression,
  rule: 'integer' | 'integer-literal' | 'string' | 'string-literal',
  site: CallSite,
): Type | undefined {
  const isFormat = rule === 'string-literal' && argument.kind === 'string';
  // What the program never holds as a value may be longer than its strings.
  const type = isFormat ? string(encodeText(argument.value).length + 1) : site.typeOf(argument);
  if (type === undefined) return undefined;
  const { report } = site.context;
  const wanted = rule.startsWith('integer') ? 'integer' : 'string';
  const name = wanted === 'integer' ? 'int' : 'string';
  if (rule.endsWith('-literal') && argument.kind !== wanted) {
    report(literalExpected(node.span, kind.name, name, printKind(type)));
  } else if (printKind(valueType(type)) !== name) {
    report(wrongArgumentType(node.span, kind.name, name, printType(type)));
  }
  return type;
}

function typedCall(node: Call, types: readonly (Type | undefined)[], site: CallSite): TypedCall {
  const at = (index: number): Expression | TypeName | undefined => node.arguments[index];
  return {
    node,
    probe: site.probe,
    config: site.context.config,
    target: site.context.target,
    types: site.context.typesOf(site.probe),
    arguments: node.arguments,
    typeOf: (index) => types[index],
    integer: (index) => {
      const argument = at(index);
      return argument?.kind === 'integer' ? argument.value : undefined;
    },
    text: (index) => {
      const argument = at(index);
      return argument?.kind === 'string' ? argument.value : undefined;
    },
    word: (index) => {
      const argument = at(index);
      return argument?.kind === 'identifier' ? argument.name : undefined;
    },
  };
}

function warn(node: Call, call: TypedCall, { context, inLoop }: CallSite): void {
  const { report, config } = context;
  const [first] = node.arguments;
  switch (node.callee) {
    case 'exit':
      if (inLoop) report(exitInLoop(node.span));
      return;
    case 'print': {
      if (first?.kind !== 'map' || first.key !== undefined) return;
      if (inLoop) report(printInLoop(node.span));
      const isStats = context.maps.states.get(first.name)?.value?.type.kind === 'stats';
      if (isStats && node.arguments.length > 1) report(topOfStats(node.span));
      return;
    }
    case 'str': {
      const length = call.integer(1);
      if (length !== undefined && length + 1n > BigInt(config.maxStrlen)) {
        report(truncatedLength(node.span, length, config.maxStrlen));
      }
      return;
    }
    case 'debugf':
      report(debugOutput(node.span));
      return;
    default:
  }
}

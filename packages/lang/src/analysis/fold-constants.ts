/** Whatever is known before the program runs becomes a literal: in each probe's own body, for `probe` is known too. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { unknownCgroup, unknownSymbol } from '../diagnostics/messages/names.ts';
import { badUnrollCount } from '../diagnostics/messages/constants.ts';
import type { Span } from '../source.ts';
import type {
  AnyNode,
  Block,
  Call,
  Expression,
  Identifier,
  If,
  IntegerLiteral,
  OffsetOf,
  SizeOf,
  Statement,
  TypeName,
  Unroll,
} from '../syntax/ast.ts';
import { stringPrefix } from '../syntax/decode-string.ts';
import { asStatement } from '../syntax/block-values.ts';
import { rewrite } from '../syntax/visit.ts';
import type { Target } from '../target.ts';
import { argumentSpace } from '../probes/argument-space.ts';
import { findVariable } from '../builtins/variables.ts';
import type { CTypes } from '../types/c-types.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { BoundProbe } from './bind-probes.ts';
import { foldBinary, foldUnary, literalValue } from './fold-operators.ts';
import type { Folded } from './fold-operators.ts';
import { offsetOf } from './offset-of.ts';
import { resolveTypeName } from './type-names.ts';

/** What is known of the machine, and of the C types in this probe. */
interface Known {
  readonly target: Target;
  readonly types: CTypes;
}

const MAX_UNROLL = 100n;

export function foldConstants(
  probe: BoundProbe,
  known: Known,
  diagnostics: Diagnostics,
): BoundProbe {
  const body = rewrite(probe.body, (node): AnyNode => {
    if (node.kind === 'unroll') checkUnroll(node, diagnostics);
    const folded = fold(node, probe, known, diagnostics);
    if (folded.kind !== 'fault') return folded;
    diagnostics.add(folded.fault);
    return node;
  });
  return { ...probe, body };
}

function fold(
  node: AnyNode,
  probe: BoundProbe,
  known: Known,
  diagnostics: Diagnostics,
): AnyNode | Extract<Folded, { kind: 'fault' }> {
  switch (node.kind) {
    case 'binary':
      return foldBinary(node);
    case 'unary':
      return foldUnary(node);
    case 'ternary': {
      const value = literalValue(node.condition);
      if (value === undefined) return node;
      return value === 0n ? node.otherwise : (node.then ?? node.condition);
    }
    case 'expression-statement':
      return node.expression.kind === 'if' ? foldIf(node, node.expression) : node;
    case 'identifier':
      return foldIdentifier(node.name, node.span, probe, known) ?? node;
    case 'sizeof':
    case 'offsetof': {
      const { argument } = node;
      const written = argument.kind === 'identifier' ? typeNamed(argument) : argument;
      if (written?.kind !== 'type-name') return node;
      const space = argumentSpace(probe.draft);
      const type = resolveTypeName(written, { types: known.types, space });
      if (typeof type === 'string' || 'unsupported' in type) return node;
      return sizeLiteral(node, type) ?? node;
    }
    case 'call':
      return foldCall(node, known.target, diagnostics);
    default:
      return node;
  }
}

/** A bare word that is no builtin may be the name of a type. */
function typeNamed({ name, span }: Identifier): TypeName | undefined {
  if (findVariable(name) !== undefined) return undefined;
  return { kind: 'type-name', span, tag: undefined, base: name, derivations: [] };
}

/** The value of `sizeof` or `offsetof` for a type; undefined where there is no such member. */
export function sizeLiteral(node: SizeOf | OffsetOf, type: Type): Expression | undefined {
  if (node.kind === 'sizeof') return unsigned64(node.span, BigInt(sizeOfType(type)));
  const offset = offsetOf(type, node.path);
  return offset.kind === 'fault' ? undefined : unsigned64(node.span, BigInt(offset.bytes));
}

/** An `if` whose condition is known leaves one branch. */
function foldIf(statement: Statement, { condition, then, otherwise }: If): Statement {
  const value = literalValue(condition);
  if (value === undefined) return statement;
  if (value !== 0n) return then;
  if (otherwise === undefined) return empty(statement.span);
  return otherwise.kind === 'block' ? otherwise : asStatement(otherwise);
}

function empty(span: Span): Block {
  return { kind: 'block', span, statements: [], value: undefined };
}

function foldIdentifier(
  name: string,
  span: Span,
  { draft }: BoundProbe,
  { target, types }: Known,
): Expression | undefined {
  switch (name) {
    case 'probe':
      return { kind: 'string', span, value: draft.name };
    case 'probetype':
      return { kind: 'string', span, value: draft.provider };
    case 'ncpus':
      return unsigned64(span, BigInt(target.possibleCpus));
    case 'cpid':
      return unsigned64(span, BigInt(target.childPid ?? 0));
    default:
      return findVariable(name) === undefined ? foldEnumerator(name, span, types) : undefined;
  }
}

/** A constant of C; an enumerator keeps its name, so that it prints by it. */
function foldEnumerator(name: string, span: Span, types: CTypes): Expression | undefined {
  const constant = types.constant(name);
  if (constant === undefined) return undefined;
  const operand = literal(span, constant.value);
  return constant.type === undefined ? operand : { ...operand, enumerator: name };
}

function literal(span: Span, value: bigint): IntegerLiteral {
  return { kind: 'integer', span, value, suffix: undefined };
}

function foldCall(node: Call, target: Target, diagnostics: Diagnostics): Expression {
  const [first, second] = node.arguments;
  if (first?.kind !== 'string') return node;
  const found = (value: bigint | undefined): Expression => unsigned64(node.span, value ?? 0n);
  switch (node.callee) {
    case 'str': {
      if (second === undefined) return { ...first, span: node.span };
      if (second.kind !== 'integer' || second.value < 1n) return node;
      return {
        ...first,
        span: node.span,
        value: stringPrefix(first.value, Number(second.value) - 1),
      };
    }
    case 'kaddr': {
      const address = target.kernelSymbols[first.value];
      if (address === undefined) diagnostics.add(unknownSymbol(first.span, first.value));
      return found(address);
    }
    case 'cgroupid': {
      const id = target.cgroupIds[first.value];
      if (id === undefined) diagnostics.add(unknownCgroup(first.span, first.value));
      return found(id);
    }
    default:
      return node;
  }
}

/** A literal that is a uint64 even if it is small. */
export function unsigned64(span: Span, value: bigint): Expression {
  return {
    kind: 'cast',
    span,
    type: { kind: 'type-name', span, tag: undefined, base: 'uint64', derivations: [] },
    operand: literal(span, value),
  };
}

function checkUnroll({ count, span }: Unroll, diagnostics: Diagnostics): void {
  const value = literalValue(count);
  if (value === undefined) diagnostics.add(badUnrollCount(span, 'invalid unroll value'));
  else if (value > MAX_UNROLL) diagnostics.add(badUnrollCount(span, 'unroll maximum value is 100'));
  else if (value < 1n) diagnostics.add(badUnrollCount(span, 'unroll minimum value is 1'));
}

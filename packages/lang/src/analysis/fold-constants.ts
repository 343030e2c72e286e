/** Whatever is known before the program runs becomes a literal: in each probe's own body, for `probe` is known too. */
import type { Diagnostics } from '../diagnostics/diagnostic.ts';
import { unknownCgroup, unknownSymbol } from '../diagnostics/messages/names.ts';
import { invalidCall } from '../diagnostics/messages/calls.ts';
import { badUnrollCount } from '../diagnostics/messages/constants.ts';
import type { Span } from '../source.ts';
import type {
  AnyNode,
  Block,
  Call,
  Expression,
  FieldAccess,
  Identifier,
  If,
  IndexAccess,
  OffsetOf,
  SizeOf,
  Statement,
  Ternary,
  TypeName,
  Unroll,
} from '../syntax/ast.ts';
import { encodeText } from '@bpfleet/protocol';
import { stringPrefix } from '../syntax/decode-string.ts';
import { asStatement } from '../syntax/block-values.ts';
import { rewrite, walk } from '../syntax/visit.ts';
import type { Target } from '../target.ts';
import { argumentSpace } from '../probes/argument-space.ts';
import { findVariable, needsProbe } from '../builtins/variables.ts';
import type { CTypes } from '../types/c-types.ts';
import { openBtf } from '../types/open-btf.ts';
import { saidSize } from '../types/said-size.ts';
import type { Type } from '../types/type.ts';
import { isOutsideProbe } from './outside-probe.ts';
import type { BoundProbe } from './bind-probes.ts';
import { integerValue, isLiteral, literalValue, truth } from './constants.ts';
import type { Config } from './config.ts';
import { configRecord } from './config-record.ts';
import { foldBinary, foldUnary, integer, unsigned64 } from './fold-operators.ts';
import type { Folded } from './fold-operators.ts';
import { offsetOf } from './offset-of.ts';
import { possibleTypes } from './kernel-program-type.ts';
import { isType, resolveTypeName } from './type-names.ts';

/** What is known of the machine, and of the C types in this probe. */
interface Known {
  readonly config: Config;
  readonly target: Target;
  readonly types: CTypes;
}

const MAX_UNROLL = 100n;

const SPECIAL: ReadonlySet<string> = new Set(['begin', 'end', 'self']);

export function foldConstants(
  probe: BoundProbe,
  known: Known,
  diagnostics: Diagnostics,
): BoundProbe {
  const body = rewrite(probe.body, (node): AnyNode => {
    const folded = fold(node, probe, known, diagnostics);
    if (folded.kind !== 'fault') return folded;
    diagnostics.add(folded.fault);
    return folded.value ?? node;
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
    case 'ternary':
      return foldTernary(node);
    case 'if':
      return node.comptime ? foldComptimeIf(node) : node;
    case 'expression-statement':
      if (node.expression.kind === 'if') return foldIf(node, node.expression);
      return node.expression.kind === 'block-expression' ? asStatement(node.expression) : node;
    case 'comptime':
      return foldComptime(node.expression) ?? node;
    case 'block-expression': {
      const { statements, value } = node.block;
      const plain = statements.length === 0 && value !== undefined && isLiteral(value);
      return plain ? value : node;
    }
    case 'tuple-access':
      return (node.object.kind === 'tuple' && node.object.elements[node.index]) || node;
    case 'field':
      return foldField(node);
    case 'index':
      return foldIndex(node);
    case 'identifier':
      return foldIdentifier(node.name, node.span, probe, known) ?? node;
    case 'sizeof':
    case 'offsetof': {
      const { argument } = node;
      const written = argument.kind === 'identifier' ? typeNamed(argument) : argument;
      if (written?.kind !== 'type-name') return node;
      const space = argumentSpace(probe.draft);
      const type = resolveTypeName(written, { types: known.types, space });
      return isType(type) ? (sizeLiteral(node, type) ?? node) : node;
    }
    case 'call':
      return foldCall(node, probe, known.target, diagnostics);
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
  if (node.kind === 'sizeof') return unsigned64(node.span, BigInt(saidSize(type)));
  const offset = offsetOf(type, node.path);
  return offset.kind === 'fault' ? undefined : unsigned64(node.span, BigInt(offset.bytes));
}

function foldTernary(node: Ternary): Expression {
  const { condition, then, otherwise } = node;
  const known = condition.kind === 'comptime' ? condition.expression : condition;
  const value = truth(known);
  if (value === undefined) return node;
  return value ? (then ?? known) : otherwise;
}

/** What is known of the condition of an `if` decides which branch runs, not which must make sense: that is for `if comptime`. */
function foldIf(statement: Statement, node: If): Statement {
  const { condition } = node;
  const value = truth(condition);
  if (value === undefined || condition.kind === 'boolean') return statement;
  const known: Expression = { kind: 'boolean', span: condition.span, value };
  const expression: If = { ...node, condition: known };
  return { kind: 'expression-statement', span: statement.span, expression };
}

/** The branch taken is all that is left, as an expression: the other need not even make sense. */
function foldComptimeIf(node: If): Expression {
  const value = truth(node.condition);
  if (value === undefined) return node;
  const branch = value ? node.then : (node.otherwise ?? empty(node.span));
  if (branch.kind === 'if') return branch;
  const { statements, value: result, span } = branch;
  if (statements.length === 0 && result !== undefined && isLiteral(result)) return result;
  return { kind: 'block-expression', span, block: branch };
}

/** What is inside of `comptime` once it is known; inside another one it need not be said again. */
function foldComptime(expression: Expression): Expression | undefined {
  return isLiteral(expression) || expression.kind === 'comptime' ? expression : undefined;
}

function foldField(node: FieldAccess): Expression {
  if (node.object.kind !== 'record' || !isLiteral(node.object)) return node;
  return node.object.fields.find(({ name }) => name === node.field)?.value ?? node;
}

/** A byte of a literal text; the one after the last is its end. */
function foldIndex(node: IndexAccess): Expression {
  const index = integerValue(node.index);
  if (node.object.kind !== 'string' || index === undefined || index < 0n) return node;
  const bytes = encodeText(node.object.value);
  if (index > BigInt(bytes.length)) return node;
  return integer(node.span, BigInt(bytes[Number(index)] ?? 0));
}

function empty(span: Span): Block {
  return { kind: 'block', span, statements: [], value: undefined };
}

/** Elsewhere it is known in which mode the code runs. */
function hasRegisters({ context }: BoundProbe['draft']): boolean {
  return context === 'pt_regs' || context === 'perf_event';
}

/** `begin`, `end` and `self` are of one type. */
function probeTypeName(provider: string): string {
  return SPECIAL.has(provider) ? 'special' : provider;
}

function foldIdentifier(
  name: string,
  span: Span,
  { draft }: BoundProbe,
  { config, target, types }: Known,
): Expression | undefined {
  if (isOutsideProbe(draft) && needsProbe(name)) return undefined;
  switch (name) {
    case 'config':
      return configRecord(config, span);
    case 'probe':
      return draft.names === undefined ? { kind: 'string', span, value: draft.name } : undefined;
    case 'probetype':
      return { kind: 'string', span, value: probeTypeName(draft.provider) };
    case 'ncpus':
      return unsigned64(span, BigInt(target.possibleCpus));
    case 'usermode':
      if (target.arch !== 'x86_64' || hasRegisters(draft)) return undefined;
      return integer(span, SPECIAL.has(draft.provider) ? 1n : 0n);
    case '__host':
      return { kind: 'string', span, value: target.host.name };
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
  const operand = { kind: 'integer', span, value: constant.value, suffix: undefined } as const;
  return constant.type === undefined ? operand : { ...operand, enumerator: name };
}

function foldCall(
  node: Call,
  { draft }: BoundProbe,
  target: Target,
  diagnostics: Diagnostics,
): Expression {
  const [first] = node.arguments;
  if (first === undefined || first.kind === 'type-name') return node;
  switch (node.callee) {
    case 'str':
      return foldStr(node, first);
    case 'is_literal':
      return { kind: 'boolean', span: first.span, value: isLiteral(first) };
    case 'kaddr': {
      if (first.kind !== 'string') return node;
      const address = target.kernelSymbols[first.value];
      if (address === undefined) diagnostics.add(unknownSymbol(node.span, first.value));
      return unsigned64(node.span, address ?? 0n);
    }
    case 'kfunc_exist':
      if (first.kind !== 'string') {
        diagnostics.add(invalidCall(node.span, 'kfunc_exist() accepts a string literal only'));
      }
      return { kind: 'boolean', span: node.span, value: hasFunction(target, first) };
    case 'kfunc_allowed': {
      if (first.kind !== 'string') {
        diagnostics.add(invalidCall(node.span, 'kfunc_allowed() accepts a string literal only'));
        return node;
      }
      const allowed = target.kernelFunctions?.[first.value] ?? [];
      const value = possibleTypes(draft, target).some((type) => allowed.includes(type));
      return { kind: 'boolean', span: node.span, value };
    }
    case '__label':
      if (first.kind !== 'string') {
        diagnostics.add(invalidCall(node.span, 'label() accepts a string literal only'));
        return node;
      }
      return { kind: 'string', span: node.span, value: labelOf(target, first.value) };
    case 'cgroupid': {
      if (first.kind !== 'string') return node;
      const id = target.cgroupIds[first.value];
      if (id === undefined) diagnostics.add(unknownCgroup(first.span, first.value));
      return unsigned64(node.span, id ?? 0n);
    }
    default:
      return node;
  }
}

/** Empty where the host has no such label: a program is the same on every host. */
function labelOf({ host }: Target, name: string): string {
  return Object.hasOwn(host.labels, name) ? (host.labels[name] ?? '') : '';
}

function hasFunction({ btf }: Target, name: Expression): boolean {
  if (btf === undefined || name.kind !== 'string') return false;
  return openBtf(btf.vmlinux).findByName(name.value, 'func') !== undefined;
}

/** Numbers become text as well. */
function foldStr(node: Call, first: Expression): Expression {
  const { span } = node;
  const [, second] = node.arguments;
  const value = first.kind === 'string' ? first.value : integerValue(first)?.toString();
  if (value === undefined) return node;
  if (second === undefined) return { kind: 'string', span, value };
  const length = second.kind === 'type-name' ? undefined : integerValue(second);
  if (length === undefined || length < 0n) return node;
  return { kind: 'string', span, value: stringPrefix(value, Number(length)) };
}

/** Counts are checked once all that can be known is known. */
export function checkUnrolls({ body }: BoundProbe, diagnostics: Diagnostics): void {
  walk(body, {
    enter: (node) => {
      if (node.kind === 'unroll') checkUnroll(node, diagnostics);
    },
  });
}

function checkUnroll({ count, span }: Unroll, diagnostics: Diagnostics): void {
  const value = literalValue(count);
  if (value === undefined) diagnostics.add(badUnrollCount(span, 'invalid unroll value'));
  else if (value > MAX_UNROLL) diagnostics.add(badUnrollCount(span, 'unroll maximum value is 100'));
  else if (value < 1n) diagnostics.add(badUnrollCount(span, 'unroll minimum value is 1'));
}

/** The types of one probe's body: statements and expressions, from the leaves up, rules left to the files beside this. */
import { findVariable, variableNames } from '../builtins/variables.ts';
import type { BuiltinScope } from '../builtins/variables.ts';
import { callNames } from '../builtins/calls.ts';
import { aggregationValue, isAggregation } from '../builtins/aggregations.ts';
import { builtinUnavailable } from '../diagnostics/messages/calls.ts';
import { stringTooLong } from '../diagnostics/messages/constants.ts';
import { badRange } from '../diagnostics/messages/flow.ts';
import { unknownIdentifier } from '../diagnostics/messages/names.ts';
import {
  badCondition,
  badReturn,
  branchMismatch,
  valueDiscarded,
} from '../diagnostics/messages/types.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { isRefusal } from '../probes/probe-kind.ts';
import type {
  Assignment,
  Block,
  Expression,
  For,
  Identifier,
  If,
  IncrementDecrement,
  Let,
  MapReference,
  Statement,
  Ternary,
  Variable,
} from '../syntax/ast.ts';
import { stringBytes } from '../syntax/decode-string.ts';
import { tuple } from '../types/layout.ts';
import { printKind, printType } from '../types/print-type.ts';
import { promoteFlexible } from '../types/promote.ts';
import {
  BOOLEAN,
  INT64,
  integer,
  integerLiteralType,
  string,
  UINT64,
  VOID,
} from '../types/scalars.ts';
import { isSignFlexible } from '../types/sign-flexible.ts';
import type { Type } from '../types/type.ts';
import { fieldType, indexType, tupleAccessType } from './access-types.ts';
import type { BoundProbe } from './bind-probes.ts';
import { callType } from './call-types.ts';
import { castType, namedType } from './cast-types.ts';
import {
  aggregate,
  assignElement,
  isAggregationCall,
  readElement,
  useElement,
} from './map-uses.ts';
import { binaryType, incrementType, isCondition, unaryType } from './operator-types.ts';
import type { TypingContext } from './typing-context.ts';
import { VariableTypes } from './variable-types.ts';

export class BodyTyper {
  readonly probe: BoundProbe;
  readonly #context: TypingContext;
  readonly #variables = new VariableTypes();
  #loops = 0;

  constructor(probe: BoundProbe, context: TypingContext) {
    this.probe = probe;
    this.#context = context;
  }

  /** Counts changes of variables, to see when a round brings none. */
  get changes(): number {
    return this.#variables.changes;
  }

  get variables(): ReadonlyMap<string, Type> {
    return this.#variables.types;
  }

  /** One round over the whole body. */
  run(): void {
    this.#block(this.probe.body);
  }

  /** Nothing more will be learned of variables that have no type yet. */
  settle(): void {
    this.#variables.settle();
  }

  // ── statements ───────────────────────────────────────────────────────────────────────────────────

  #block({ statements, value }: Block): Type | undefined {
    for (const statement of statements) this.#statement(statement);
    return value === undefined ? VOID : this.#type(value);
  }

  #statement(node: Statement): void {
    switch (node.kind) {
      case 'expression-statement':
        return this.#expressionStatement(node.expression);
      case 'discard':
        this.#type(node.expression);
        return;
      case 'let':
        return this.#let(node);
      case 'assignment':
        return node.target.kind === 'map'
          ? this.#assignMap(node, node.target)
          : this.#assignVariable(node, node.target);
      case 'while':
        this.#condition(node.condition);
        return this.#loop(node.body);
      case 'unroll':
        this.#type(node.count);
        this.#block(node.body);
        return;
      case 'block':
        this.#block(node);
        return;
      case 'jump':
        return this.#jump(node.value);
      case 'for':
        return this.#for(node);
      case 'statement-import':
        return;
    }
  }

  /** Maps are not iterated yet: those loops were refused. */
  #for({ variable, iterable, body }: For): void {
    if (iterable.kind === 'map') return;
    const from = this.#bound(iterable.from, 'start');
    const to = this.#bound(iterable.to, 'end');
    this.#variables.declare(variable.name, integer(8, from || to));
    this.#recordVariable(variable);
    this.#loop(body);
  }

  /** Whether a bound of a range is signed. */
  #bound(node: Expression, which: 'start' | 'end'): boolean {
    const type = this.#type(node);
    if (type === undefined) return false;
    if (type.kind !== 'integer') this.#context.report(badRange(node.span, which));
    return type.kind === 'integer' && type.signed;
  }

  #loop(body: Block): void {
    this.#loops++;
    this.#block(body);
    this.#loops--;
  }

  #expressionStatement(expression: Expression): void {
    const type = this.#type(expression);
    if (expression.kind !== 'call' || expression.callee === 'delete') return;
    if (type !== undefined && type.kind !== 'void') {
      this.#context.report(valueDiscarded(expression.span));
    }
  }

  #jump(value: Expression | undefined): void {
    const type = value === undefined ? undefined : this.#type(value);
    if (value === undefined || type === undefined || type.kind === 'integer') return;
    this.#context.report(badReturn(value.span, printType(type)));
  }

  #let({ variable, type: written, value, span }: Let): void {
    const named = written === undefined ? undefined : namedType(written, this.#context.report);
    if (named !== undefined) this.#variables.declare(variable.name, named);
    if (value === undefined) {
      this.#variables.mention(variable.name);
      this.#recordVariable(variable);
      return;
    }
    this.#storeVariable(variable, value, this.#type(value), span);
  }

  #assignVariable(node: Assignment, target: Variable): void {
    if (node.operator === '=') {
      return this.#storeVariable(target, node.value, this.#type(node.value), node.span);
    }
    const value = this.#type(node.value);
    const current = this.#variables.typeOf(target.name);
    const result = this.#compound(node, current, value);
    if (result !== undefined) this.#storeVariable(target, undefined, result, node.span);
  }

  #assignMap(node: Assignment, target: MapReference): void {
    const { value, operator, span } = node;
    const context = this.#context;
    if (!this.#useElement(target)) return;
    if (operator === '=' && isAggregationCall(value)) {
      const types = value.arguments.map((argument) =>
        argument.kind === 'type-name' ? undefined : this.#type(argument),
      );
      aggregate(target, value, types, context);
    } else {
      const given = this.#type(value);
      const current = context.maps.state(target.name).value?.type;
      const type = operator === '=' ? given : this.#compound(node, current ?? INT64, given);
      if (type !== undefined) assignElement(target, { expression: value, type, span }, context);
    }
    const stored = context.maps.state(target.name).value?.type;
    if (stored !== undefined) context.types.set(target, stored);
  }

  /** `a += b` is typed as `a = a + b`. */
  #compound(
    node: Assignment,
    current: Type | undefined,
    value: Type | undefined,
  ): Type | undefined {
    if (current === undefined || value === undefined) return undefined;
    const { target, operator, span, value: right } = node;
    const binary = operator.slice(0, -1) as
      '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
    return binaryType(
      { kind: 'binary', span, operator: binary, operatorSpan: span, left: target, right },
      current,
      value,
      this.#context.report,
    );
  }

  #storeVariable(
    target: Variable,
    value: Expression | undefined,
    given: Type | undefined,
    span: Assignment['span'],
  ): void {
    if (given === undefined) return;
    const fault = this.#variables.store(target.name, value, given, span);
    if (fault !== undefined) this.#context.report(fault);
    this.#recordVariable(target);
  }

  #recordVariable(node: Variable): Type | undefined {
    const type = this.#variables.typeOf(node.name);
    if (type !== undefined) this.#context.types.set(node, type);
    return type;
  }

  // ── expressions ──────────────────────────────────────────────────────────────────────────────────

  /** Undefined for what is not known yet, or was reported. */
  #type(node: Expression): Type | undefined {
    const type = this.#infer(node);
    if (type !== undefined) this.#context.types.set(node, type);
    return type;
  }

  #infer(node: Expression): Type | undefined {
    const { report } = this.#context;
    switch (node.kind) {
      case 'integer':
        return integerLiteralType(node.value);
      case 'boolean':
        return BOOLEAN;
      case 'string':
        return this.#stringLiteral(node);
      case 'identifier':
        return this.#identifier(node);
      case 'variable':
        return this.#recordVariable(node);
      case 'map':
        return this.#useElement(node) ? readElement(node, this.#context) : undefined;
      case 'unary':
        return this.#with(node.operand, (type) => unaryType(node, type, report));
      case 'increment':
        return this.#increment(node);
      case 'binary': {
        const left = this.#type(node.left);
        const right = this.#type(node.right);
        if (left === undefined || right === undefined) return undefined;
        return binaryType(node, left, right, report);
      }
      case 'ternary':
        return this.#ternary(node);
      case 'field':
        return this.#with(node.object, (type) => fieldType(node, type, report));
      case 'tuple-access':
        return this.#with(node.object, (type) => tupleAccessType(node, type, report));
      case 'index':
        this.#type(node.index);
        return this.#with(node.object, (type) => indexType(node, type, report));
      case 'call':
        return this.#call(node);
      case 'cast':
        return this.#with(node.operand, (type) => castType(node, type, report));
      case 'tuple':
        return this.#tuple(node.elements);
      case 'if':
        return this.#if(node);
      case 'block-expression':
        return this.#block(node.block);
      case 'sizeof':
        if (node.argument.kind === 'type-name') namedType(node.argument, report);
        else this.#type(node.argument);
        return UINT64;
      case 'positional':
      case 'positional-count':
      case 'record':
      case 'offsetof':
      case 'typeof':
      case 'typeinfo':
      case 'comptime':
        return undefined;
    }
  }

  #with(operand: Expression, rule: (type: Type) => Type | undefined): Type | undefined {
    const type = this.#type(operand);
    return type === undefined ? undefined : rule(type);
  }

  #stringLiteral(node: Extract<Expression, { kind: 'string' }>): Type {
    const { config, report } = this.#context;
    const size = stringBytes(node.value).length + 1;
    if (size > config.maxStrlen) report(stringTooLong(node.span, config.maxStrlen));
    return string(size);
  }

  #identifier(node: Identifier): Type | undefined {
    const { report } = this.#context;
    const builtin = findVariable(node.name);
    if (builtin === undefined) {
      const near = suggest(node.name, [...variableNames(), ...callNames()]);
      report(unknownIdentifier(node.span, node.name, near));
      return undefined;
    }
    const type = builtin.type(this.#scope());
    if (!isRefusal(type)) return type;
    report(builtinUnavailable(node.span, type.refusal));
    return undefined;
  }

  #scope(): BuiltinScope {
    const { config, target } = this.#context;
    return { probe: this.probe.draft, config, target };
  }

  #useElement(node: MapReference): boolean {
    const key = node.key === undefined ? undefined : this.#type(node.key);
    return useElement(node, key, this.#context);
  }

  #increment(node: IncrementDecrement): Type | undefined {
    const { target } = node;
    const { report, maps } = this.#context;
    if (target.kind === 'map') {
      if (!this.#useElement(target)) return undefined;
      const current = maps.state(target.name).value?.type;
      const type = incrementType(node, current, report);
      if (current === undefined || current.kind === 'integer') {
        assignElement(target, { expression: node, type, span: node.span }, this.#context);
      }
      const stored = maps.state(target.name).value?.type;
      if (stored !== undefined) this.#context.types.set(target, stored);
      return stored ?? type;
    }
    const current = this.#variables.typeOf(target.name);
    const type = incrementType(node, current, report);
    const kept = this.#variables.isDeclared(target.name) ? current : type;
    this.#storeVariable(target, undefined, kept, node.span);
    return this.#variables.typeOf(target.name);
  }

  #call(node: Extract<Expression, { kind: 'call' }>): Type | undefined {
    return callType(node, {
      context: this.#context,
      probe: this.probe.draft,
      inLoop: this.#loops > 0,
      typeOf: (expression) => this.#type(expression),
      useElement: (map) => this.#useElement(map),
    });
  }

  #tuple(elements: readonly Expression[]): Type | undefined {
    const types: Type[] = [];
    for (const element of elements) {
      const type = this.#type(element);
      if (type === undefined) return undefined;
      types.push(isAggregation(type) ? (aggregationValue(type) ?? type) : type);
    }
    return tuple(types);
  }

  #condition(node: Expression): void {
    const type = this.#type(node);
    if (type === undefined || isCondition(type)) return;
    this.#context.report(badCondition(node.span, printKind(type)));
  }

  #ternary({ condition, then, otherwise, span }: Ternary): Type | undefined {
    this.#condition(condition);
    return this.#branches(
      then ?? condition,
      this.#type(then ?? condition),
      otherwise,
      this.#type(otherwise),
      span,
    );
  }

  #if({ condition, then, otherwise, span }: If): Type | undefined {
    this.#condition(condition);
    const left = this.#block(then);
    if (otherwise === undefined) return VOID;
    const right = otherwise.kind === 'if' ? this.#type(otherwise) : this.#block(otherwise);
    const last = otherwise.kind === 'if' ? otherwise : otherwise.value;
    return this.#branches(then.value, left, last, right, span);
  }

  #branches(
    leftNode: Expression | undefined,
    left: Type | undefined,
    rightNode: Expression | undefined,
    right: Type | undefined,
    span: Expression['span'],
  ): Type | undefined {
    if (left === undefined || right === undefined) return left ?? right;
    if (left.kind === 'void' && right.kind === 'void') return VOID;
    const type = promoteFlexible(
      { type: left, signFlexible: leftNode !== undefined && isSignFlexible(leftNode) },
      { type: right, signFlexible: rightNode !== undefined && isSignFlexible(rightNode) },
    );
    if (type === undefined)
      this.#context.report(branchMismatch(span, printType(left), printType(right)));
    return type;
  }
}

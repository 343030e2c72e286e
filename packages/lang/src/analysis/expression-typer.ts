/** Types of expressions, from the leaves up; the rules of each kind are in the files beside this. */
import type { BuiltinScope } from '../builtins/builtin-scope.ts';
import { isAggregation } from '../builtins/aggregations.ts';
import { stringTooLong } from '../diagnostics/messages/constants.ts';
import { untypedVariable } from '../diagnostics/messages/names.ts';
import {
  assignmentMismatch,
  badCondition,
  badOffset,
  branchMismatch,
  doubtfulCast,
} from '../diagnostics/messages/types.ts';
import { argumentSpace } from '../probes/argument-space.ts';
import type {
  Assignment,
  Block,
  Expression,
  IndexAccess,
  If,
  IncrementDecrement,
  IntegerLiteral,
  MapReference,
  OffsetOf,
  Ternary,
  TypeName,
  Unary,
  Variable,
} from '../syntax/ast.ts';
import { encodeText } from '@bpfleet/protocol';
import { printKind, printType } from '../types/print-type.ts';
import { castImplicitly } from '../types/implicit-cast.ts';
import { promoteFlexible, type Promotable } from '../types/promote.ts';
import { BOOLEAN, integerLiteralType, string, UINT64, VOID } from '../types/scalars.ts';
import type { Flexibility } from '../types/sign-flexible.ts';
import type { Type } from '../types/type.ts';
import { fieldType, indexType, tupleAccessType } from './access-types.ts';
import { callType } from './call-types.ts';
import { castType, namedType } from './cast-types.ts';
import { flexibilityIn } from './flexible-values.ts';
import { identifierType } from './identifier-type.ts';
import { recordType, tupleType } from './made-types.ts';
import { assignElement, readElement, requireMap, useElement } from './map-uses.ts';
import { offsetOf } from './offset-of.ts';
import { binaryType, incrementType, isCondition, unaryType } from './operator-types.ts';
import { bareType } from './type-names.ts';
import type { TypeScope } from './type-names.ts';
import type { TypingContext } from './typing-context.ts';
import type { VariableTypes } from './variable-types.ts';
import type { ProbeDraft } from '../probes/probe-kind.ts';

/** What the expressions of a body share with its statements. */
export interface BodyParts {
  readonly context: TypingContext;
  readonly probe: ProbeDraft;
  readonly variables: VariableTypes;
  /** The type of a block's value; expressions hold blocks as blocks hold expressions. */
  readonly typeBlock: (block: Block) => Type | undefined;
  readonly inLoop: () => boolean;
}

export class ExpressionTyper {
  readonly #parts: BodyParts;

  constructor(parts: BodyParts) {
    this.#parts = parts;
  }

  storeVariable(
    target: Variable,
    value: Expression | undefined,
    given: Type | undefined,
    span: Assignment['span'],
  ): void {
    if (given === undefined) return;
    const { context, variables } = this.#parts;
    const signFlexible = value !== undefined && this.flexibility(value);
    const fault = variables.store(target.name, value, { type: given, signFlexible }, span);
    const kept = this.recordVariable(target);
    if (fault !== undefined) return context.report(fault);
    if (value === undefined || kept === undefined) return;
    if (this.doubtCast(value, given, kept)) return;
    const [from, to] = [printType(given), printType(kept)];
    context.report(assignmentMismatch(span, 'variable', `$${target.name}`, from, to));
  }

  flexibility(node: Expression): Flexibility {
    return flexibilityIn(node, this.#parts.variables, this.#parts.context.maps);
  }

  /** A value as what it meets sees it. */
  promotable(node: Expression, type: Type): Promotable {
    return { type, signFlexible: this.flexibility(node) };
  }

  recordVariable(node: Variable): Type | undefined {
    const type = this.#parts.variables.typeOf(node.name);
    if (type !== undefined) this.#parts.context.types.set(node, type);
    return type;
  }

  /** Undefined for what is not known yet, or was reported. */
  type(node: Expression): Type | undefined {
    const type = this.#infer(node);
    if (type !== undefined) this.#parts.context.types.set(node, type);
    return type;
  }

  #infer(node: Expression): Type | undefined {
    const { report } = this.#parts.context;
    switch (node.kind) {
      case 'integer':
        return this.#integerLiteral(node);
      case 'boolean':
        return BOOLEAN;
      case 'string':
        return this.#stringLiteral(node);
      case 'identifier':
        return identifierType(node, this.#scope(), report);
      case 'variable':
        return this.recordVariable(node);
      case 'map':
        return this.useElement(node) ? readElement(node, this.#parts.context) : undefined;
      case 'unary':
        if (node.operator === '&') return this.#address(node);
        return this.#with(node.operand, (type) => unaryType(node, type, report));
      case 'increment':
        return this.#increment(node);
      case 'binary': {
        const left = this.type(node.left);
        const right = this.type(node.right);
        if (left === undefined || right === undefined) return undefined;
        return binaryType(
          node,
          this.promotable(node.left, left),
          this.promotable(node.right, right),
          report,
        );
      }
      case 'ternary':
        return this.#ternary(node);
      case 'field':
        return this.#with(node.object, (type) =>
          fieldType(node, type, this.#scope().types, this.#parts.context),
        );
      case 'tuple-access':
        return this.#with(node.object, (type) => tupleAccessType(node, type, report));
      case 'index':
        return this.#index(node);
      case 'call':
        return this.#call(node);
      case 'cast':
        return this.#with(node.operand, (type) => castType(node, type, this.#typeScope(), report));
      case 'tuple':
        return tupleType(node, (member) => this.type(member), report);
      case 'if':
        return this.#if(node);
      case 'block-expression':
        return this.#parts.typeBlock(node.block);
      case 'sizeof':
        this.#introspect(node.argument);
        return UINT64;
      case 'record':
        return recordType(node, (member) => this.type(member), report);
      case 'offsetof':
        return this.#offset(node);
      case 'typeinfo':
        this.#introspect(node.argument);
        return undefined;
      case 'comptime':
        this.type(node.expression);
        return undefined;
      case 'positional':
      case 'positional-count':
      case 'typeof':
        return undefined;
    }
  }

  #with(operand: Expression, rule: (type: Type) => Type | undefined): Type | undefined {
    const type = this.type(operand);
    return type === undefined ? undefined : rule(type);
  }

  /** Enumerators take 64 bits, whatever their enum takes. */
  #integerLiteral({ value, enumerator }: IntegerLiteral): Type {
    const { types } = this.#typeScope();
    const type = enumerator === undefined ? undefined : types.constant(enumerator)?.type;
    return type === undefined ? integerLiteralType(value) : { ...type, size: 8 };
  }

  #offset(node: OffsetOf): Type | undefined {
    const { argument, path, span } = node;
    const type = this.#introspect(argument);
    if (type === undefined) return UINT64;
    const found = offsetOf(type, path);
    if (found.kind === 'fault') this.#parts.context.report(badOffset(span, found.message));
    return UINT64;
  }

  #index(node: IndexAccess): Type | undefined {
    const { report } = this.#parts.context;
    const type = this.type(node.index);
    const index =
      type === undefined
        ? undefined
        : { type, signFlexible: this.flexibility(node.index) === true };
    return this.#with(node.object, (object) => indexType(node, object, index, report));
  }

  #stringLiteral(node: Extract<Expression, { kind: 'string' }>): Type {
    const { config, report } = this.#parts.context;
    const size = encodeText(node.value).length + 1;
    if (size > config.maxStrlen) report(stringTooLong(node.span, config.maxStrlen, node.value));
    return string(size);
  }

  #scope(): BuiltinScope {
    const { config, target, typesOf } = this.#parts.context;
    const { probe } = this.#parts;
    return { probe, config, target, types: typesOf(probe) };
  }

  #typeScope(): TypeScope {
    const { context, probe } = this.#parts;
    return {
      types: context.typesOf(probe),
      space: argumentSpace(probe),
      typeOf: (expression) => this.#introspect(expression),
    };
  }

  /** The type that `sizeof`, `typeof` and `typeinfo` ask for. */
  #introspect(argument: Expression | TypeName): Type | undefined {
    const type =
      argument.kind === 'type-name' ? this.typeNamed(argument) : this.#introspected(argument);
    if (type !== undefined) this.#parts.context.introspected.set(argument, type);
    return type;
  }

  /** A bare word may be a type, and a map without its key is one of keys. Integers in maps have the size they are given. */
  #introspected(expression: Expression): Type | undefined {
    if (expression.kind === 'identifier') {
      const type = bareType(expression, this.#typeScope());
      if (type !== undefined) return type;
    }
    if (expression.kind !== 'map') return this.type(expression);
    const { maps } = this.#parts.context;
    const state = maps.states.get(expression.name);
    if (expression.key === undefined && state?.keyed !== false) {
      if (state?.keyed === undefined) requireMap(expression, this.#parts.context);
      return state?.key?.type;
    }
    const type = this.type(expression);
    return type?.kind === 'integer' ? (state?.exact?.type ?? type) : type;
  }

  /** The type that a name stands for; reported if it stands for none. */
  typeNamed(written: TypeName): Type | undefined {
    return namedType(written, this.#typeScope(), this.#parts.context.report);
  }

  useElement(node: MapReference): boolean {
    const key = node.key === undefined ? undefined : this.type(node.key);
    const given =
      key === undefined || node.key === undefined ? undefined : this.promotable(node.key, key);
    return useElement(node, given, this.#parts.context);
  }

  #address({ operand, span }: Unary): Type | undefined {
    const { context, variables } = this.#parts;
    if (operand.kind === 'variable' && !variables.isKnown(operand.name)) {
      context.report(untypedVariable(span, operand.name));
    }
    if (operand.kind === 'map') requireMap(operand, context);
    const target =
      operand.kind === 'map' ? context.maps.state(operand.name).value?.type : this.type(operand);
    return target === undefined ? undefined : { kind: 'pointer', target, space: 'kernel' };
  }

  #increment(node: IncrementDecrement): Type | undefined {
    const { target } = node;
    const { report, maps } = this.#parts.context;
    if (target.kind === 'map') {
      if (!this.useElement(target)) return undefined;
      const current = maps.state(target.name).value?.type;
      const type = incrementType(node, current, report);
      if (current === undefined || current.kind === 'integer') {
        const given = { expression: node, type, signFlexible: false, span: node.span };
        assignElement(target, given, this.#parts.context);
      }
      const stored = maps.state(target.name).value?.type;
      if (stored !== undefined) this.#parts.context.types.set(target, stored);
      return stored ?? type;
    }
    const current = this.#parts.variables.typeOf(target.name);
    const type = incrementType(node, current, report);
    const kept = this.#parts.variables.isDeclared(target.name) ? current : type;
    this.storeVariable(target, undefined, kept, node.span);
    return this.#parts.variables.typeOf(target.name);
  }

  #call(node: Extract<Expression, { kind: 'call' }>): Type | undefined {
    return callType(node, {
      context: this.#parts.context,
      probe: this.#parts.probe,
      inLoop: this.#parts.inLoop(),
      typeOf: (expression) => this.type(expression),
      useElement: (map) => this.useElement(map),
      receive: (variable, { arguments: [element], span }) => {
        const { maps } = this.#parts.context;
        const type = element?.kind === 'map' ? maps.state(element.name).value?.type : undefined;
        this.storeVariable(variable, undefined, type, span);
      },
    });
  }

  condition(node: Expression): void {
    const type = this.type(node);
    if (type === undefined || isCondition(type)) return;
    this.#parts.context.report(badCondition(node.span, printKind(type)));
  }

  #ternary({ condition, then, otherwise, span }: Ternary): Type | undefined {
    this.condition(condition);
    return this.#branches(
      then ?? condition,
      this.type(then ?? condition),
      otherwise,
      this.type(otherwise),
      span,
    );
  }

  /** Only one branch of an `if comptime` will be there, and only that must make sense. */
  #if({ condition, comptime, then, otherwise, span }: If): Type | undefined {
    if (comptime) {
      this.type(condition);
      return undefined;
    }
    this.condition(condition);
    const left = this.#parts.typeBlock(then);
    if (otherwise === undefined) return VOID;
    const right = otherwise.kind === 'if' ? this.type(otherwise) : this.#parts.typeBlock(otherwise);
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
    const { report } = this.#parts.context;
    const type = promoteFlexible(
      leftNode === undefined ? { type: left } : this.promotable(leftNode, left),
      rightNode === undefined ? { type: right } : this.promotable(rightNode, right),
    );
    if (type === undefined) report(branchMismatch(span, printType(left), printType(right)));
    else {
      if (leftNode !== undefined) this.doubtCast(leftNode, left, type);
      if (rightNode !== undefined) this.doubtCast(rightNode, right, type);
    }
    return type;
  }

  /** Says where a value may change as it becomes one of that type; false if it cannot. What is read of an aggregation can. */
  doubtCast(value: Expression, given: Type, target: Type): boolean {
    if (isAggregation(given)) return true;
    return castImplicitly(value, this.promotable(value, given), target, (at, from, to) => {
      this.#parts.context.report(doubtfulCast(at, printType(from), printType(to)));
    });
  }
}

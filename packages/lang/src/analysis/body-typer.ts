/** Types of one probe's body: its statements, and through them its expressions. */
import { isAggregation } from '../builtins/aggregations.ts';
import { badRange } from '../diagnostics/messages/flow.ts';
import {
  badParameterType,
  badResultType,
  cannotReturn,
} from '../diagnostics/messages/functions.ts';
import { badReturn, badVariableType, valueDiscarded } from '../diagnostics/messages/types.ts';
import type {
  Assignment,
  Block,
  Expression,
  For,
  Jump,
  Let,
  MapReference,
  Statement,
  Subprogram,
  TypeName,
  Variable,
} from '../syntax/ast.ts';
import { printType } from '../types/print-type.ts';
import type { Span } from '../source.ts';
import { INT8, integer, string, VOID } from '../types/scalars.ts';
import { isSignFlexible } from '../types/sign-flexible.ts';
import type { Type } from '../types/type.ts';
import type { BoundProbe } from './bind-probes.ts';
import { alwaysReturns, isPassable } from './function-types.ts';
import { pairType } from './iterated-map.ts';
import { aggregate, assignElement, isAggregationCall } from './map-uses.ts';
import { isOpen } from './type-names.ts';
import { binaryType } from './operator-types.ts';
import type { TypingContext } from './typing-context.ts';
import { takes, VariableTypes } from './variable-types.ts';
import { ExpressionTyper } from './expression-typer.ts';

const ARITHMETIC: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
]);

/** What a variable may be declared as; arrays of anything else have no elements that could be read. */
function isVariableType(type: Type): boolean {
  if (type.kind === 'array') return isVariableType(type.element);
  return type.kind !== 'void' && !isAggregation(type);
}

/** What arithmetic is made of. */
function termsOf(value: Expression): readonly Expression[] {
  if (value.kind !== 'binary' || !ARITHMETIC.has(value.operator)) return [value];
  return [...termsOf(value.left), ...termsOf(value.right)];
}

/** A string of no size of its own. */
function isAnyString({ tag, base, derivations }: TypeName): boolean {
  return tag === undefined && base === 'string' && derivations.length === 0;
}

export class BodyTyper {
  readonly probe: BoundProbe;
  readonly #context: TypingContext;
  readonly #variables: VariableTypes;
  readonly #expressions: ExpressionTyper;
  #loops = 0;
  #backward = false;

  /** `index`: its place among the probes. */
  constructor(probe: BoundProbe, context: TypingContext, index: number) {
    this.probe = probe;
    this.#context = context;
    this.#variables = new VariableTypes((name) => context.locks.variable(index, name));
    this.#expressions = new ExpressionTyper({
      context,
      probe: probe.draft,
      variables: this.#variables,
      typeBlock: (block) => this.#block(block),
      inLoop: () => this.#loops > 0,
    });
  }

  /** Counts changes of variables, to see when a round brings none. */
  get changes(): number {
    return this.#variables.changes;
  }

  get variables(): ReadonlyMap<string, Type> {
    return this.#variables.types;
  }

  /** One round over the whole body; backward, what is assigned below is known above. */
  run(backward = false): void {
    this.#backward = backward;
    if (this.probe.function !== undefined) this.#signature(this.probe.function);
    this.#block(this.probe.body);
  }

  /** Nothing more will be learned of variables that have no type yet. */
  settle(): void {
    this.#variables.settle();
  }

  #signature({ name, parameters: written, returns: writtenResult, span }: Subprogram): void {
    const { report, signatures } = this.#context;
    const parameters = written.map(({ variable, type: writtenType }) => {
      const type = this.#valueTypeNamed(writtenType);
      if (type !== undefined && !isPassable(type)) {
        report(badParameterType(writtenType.span, printType(type)));
      } else if (type !== undefined) this.#variables.declare(variable.name, type);
      return { name: variable.name, type };
    });
    const returns = this.#valueTypeNamed(writtenResult);
    signatures.set(name, { parameters, returns });
    if (returns === undefined || returns.kind === 'void') return;
    if (!isPassable(returns)) report(badResultType(writtenResult.span, printType(returns)));
    if (!alwaysReturns(this.probe.body)) {
      report(cannotReturn(span, name, printType(returns), printType(VOID)));
    }
  }

  /** A string without a size may be as long as any. */
  #valueTypeNamed(written: TypeName): Type | undefined {
    if (isAnyString(written)) return string(this.#context.config.maxStrlen);
    return this.#expressions.typeNamed(written);
  }

  /** `return` in a function gives what the function was declared to give. */
  #returnFrom({ name }: Subprogram, { value, span }: Jump): void {
    const given = value === undefined ? VOID : this.#expressions.type(value);
    const returns = this.#context.signatures.get(name)?.returns;
    if (returns === undefined || given === undefined) return;
    const fits =
      value === undefined || returns.kind === 'void'
        ? given.kind === returns.kind
        : takes(returns, value, given);
    if (!fits) this.#context.report(cannotReturn(span, name, printType(returns), printType(given)));
    else if (value !== undefined) this.#expressions.doubtCast(value, given, returns);
  }

  #block({ statements, value }: Block): Type | undefined {
    const ordered = this.#backward ? statements.toReversed() : statements;
    for (const statement of ordered) this.#statement(statement);
    return value === undefined ? VOID : this.#expressions.type(value);
  }

  #statement(node: Statement): void {
    switch (node.kind) {
      case 'expression-statement':
        return this.#expressionStatement(node.expression);
      case 'discard':
        this.#expressions.type(node.expression);
        return;
      case 'let':
        return this.#let(node);
      case 'assignment':
        return node.target.kind === 'map'
          ? this.#assignMap(node, node.target)
          : this.#assignVariable(node, node.target);
      case 'while':
        this.#expressions.condition(node.condition);
        return this.#loop(node.body);
      case 'unroll':
        this.#expressions.type(node.count);
        this.#block(node.body);
        return;
      case 'block':
        return this.#discarded(this.#block(node), node.span);
      case 'jump':
        return this.#jump(node);
      case 'for':
        return this.#for(node);
      case 'statement-import':
        return;
    }
  }

  #for({ variable, iterable, body }: For): void {
    if (iterable.kind === 'map') {
      const pair = pairType(iterable, this.#context);
      if (pair === undefined) return;
      this.#variables.declare(variable.name, pair);
      this.#expressions.recordVariable(variable);
      return this.#loop(body);
    }
    const from = this.#bound(iterable.from, 'start');
    const to = this.#bound(iterable.to, 'end');
    const flexible = isSignFlexible(iterable.from) && isSignFlexible(iterable.to);
    this.#variables.declare(variable.name, integer(8, from || to), flexible);
    this.#expressions.recordVariable(variable);
    this.#loop(body);
  }

  /** Whether a bound of a range is signed. */
  #bound(node: Expression, which: 'start' | 'end'): boolean {
    const type = this.#expressions.type(node);
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
    const type = this.#expressions.type(expression);
    if (expression.kind === 'increment') return;
    if (expression.kind === 'call' && expression.callee === 'delete') return;
    this.#discarded(type, expression.span);
  }

  #discarded(type: Type | undefined, span: Span): void {
    if (type !== undefined && type.kind !== 'void') this.#context.report(valueDiscarded(span));
  }

  #jump(node: Jump): void {
    const { value, jump } = node;
    if (this.probe.function !== undefined && jump === 'return') {
      return this.#returnFrom(this.probe.function, node);
    }
    const type = value === undefined ? undefined : this.#expressions.type(value);
    if (value === undefined || type === undefined || type.kind === 'integer') return;
    this.#context.report(badReturn(value.span, printType(type)));
  }

  #let({ variable, type: written, value, span }: Let): void {
    const named = written === undefined ? undefined : this.#expressions.typeNamed(written);
    if (written !== undefined && named !== undefined) this.#declare(variable, written, named);
    if (value === undefined) {
      this.#variables.mention(variable.name);
      this.#expressions.recordVariable(variable);
      return;
    }
    this.#expressions.storeVariable(variable, value, this.#expressions.type(value), span);
  }

  #declare({ name }: Variable, written: TypeName, type: Type): void {
    if (!isVariableType(type)) {
      this.#context.report(badVariableType(written.span, printType(type)));
    } else if (isOpen(type)) {
      this.#variables.declareOpen(name, type.kind === 'string' ? string(1) : type);
    } else this.#variables.declare(name, type);
  }

  #assignVariable(node: Assignment, target: Variable): void {
    if (node.operator === '=') {
      return this.#expressions.storeVariable(
        target,
        node.value,
        this.#expressions.type(node.value),
        node.span,
      );
    }
    const value = this.#expressions.type(node.value);
    const current = this.#variables.typeOf(target.name);
    // A variable without a type yet is not read as zero: another round knows it.
    const result = current === undefined ? undefined : this.#compound(node, current, value);
    if (result !== undefined) this.#expressions.storeVariable(target, undefined, result, node.span);
  }

  #assignMap(node: Assignment, target: MapReference): void {
    const { value, operator, span } = node;
    const context = this.#context;
    if (!this.#expressions.useElement(target)) return;
    if (operator === '=' && isAggregationCall(value)) {
      const types = value.arguments.map((argument) =>
        argument.kind === 'type-name' ? undefined : this.#expressions.type(argument),
      );
      aggregate(target, value, types, context);
    } else {
      const given = this.#expressions.type(value);
      const current = context.maps.state(target.name).value?.type;
      const type =
        operator === '='
          ? (given ?? this.#fromItself(target, value))
          : this.#compound(node, current, given);
      // A literal has the sign of what it meets; a sum with one does not.
      const expression = operator === '=' ? value : target;
      if (type !== undefined) {
        const signFlexible = operator === '=' && this.#expressions.flexibility(value);
        assignElement(target, { expression, type, signFlexible, span }, context);
      }
    }
    const stored = context.maps.state(target.name).value?.type;
    if (stored !== undefined) context.types.set(target, stored);
  }

  /** `@a = (@a + b) % c` counts from zero if nothing else is ever assigned. */
  #fromItself({ name }: MapReference, value: Expression): Type | undefined {
    const terms = termsOf(value);
    const others = terms.filter((term) => term.kind !== 'map' || term.name !== name);
    if (terms.length < 2 || others.length === terms.length) return undefined;
    const types = others.map((term) => this.#expressions.type(term));
    if (!types.every((type) => type?.kind === 'integer')) return undefined;
    return integer(8, types.length === 0 || types.some(({ signed }) => signed));
  }

  /** `a += b` is typed as `a = a + b`, and as `a = 0 + b` if nothing else is ever assigned. */
  #compound(
    node: Assignment,
    current: Type | undefined,
    value: Type | undefined,
  ): Type | undefined {
    if (value === undefined) return undefined;
    const { target, operator, span, value: right } = node;
    const zero = { kind: 'integer', span, value: 0n, suffix: undefined } as const;
    const left = current === undefined ? zero : target;
    const expressions = this.#expressions;
    const binary = operator.slice(0, -1) as
      '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
    return binaryType(
      { kind: 'binary', span, operator: binary, operatorSpan: span, left, right },
      expressions.promotable(left, current ?? INT8),
      expressions.promotable(right, value),
      this.#context.report,
    );
  }
}

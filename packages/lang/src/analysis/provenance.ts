/**
 * Which values mean something on one host only: process and thread ids, CPUs, clocks, addresses, cgroups – and whatever is
 * made from them, kept in a variable or read back from a map. Names of symbols, stacks and users are the same anywhere.
 */
import { findCall } from '../builtins/calls.ts';
import { findVariable } from '../builtins/variables.ts';
import type { AnyNode, Block, Call, Expression, For } from '../syntax/ast.ts';
import { walk } from '../syntax/visit.ts';
import type { Type } from '../types/type.ts';
import type { BoundProbe } from './bind-probes.ts';
import { isLocalField } from './local-fields.ts';
import { isAggregationCall } from './map-uses.ts';
import type { TypedProgram } from './infer-types.ts';

export interface HostLocality {
  /** Maps with such keys, by name. */
  readonly keys: ReadonlySet<string>;
  /** Plain maps that hold such values. */
  readonly values: ReadonlySet<string>;
}

export function traceHostLocality(program: TypedProgram): HostLocality {
  // The difference of two times is a duration, but what a map holds is known only after a first look at all bodies.
  const plain = trace(program, () => false);
  return trace(program, (left, right) => plain.has(left) !== plain.has(right));
}

/** Whether the difference of two values is local. */
type DifferenceRule = (left: Expression, right: Expression) => boolean;

interface Traced extends HostLocality {
  readonly has: (value: Expression) => boolean;
}

function trace(program: TypedProgram, difference: DifferenceRule): Traced {
  const keys = new Set<string>();
  const values = new Set<string>();
  const local = new Set<Expression>();
  const functions = new Map<string, TracedFunction>();
  for (const { bound } of program.probes) {
    if (bound.function === undefined) continue;
    const { name, parameters } = bound.function;
    const names = parameters.map(({ variable }) => variable.name);
    functions.set(name, { parameters: names, variables: new Set(), returnsLocal: false });
  }
  const marks = { keys, values, local, functions };
  const tracers = program.probes.map(
    ({ bound }) => new BodyTracer(bound, program.types, marks, difference),
  );
  while (tracers.some((tracer) => tracer.run())) {
    // Until a round over all bodies marks nothing more.
  }
  return { keys, values, has: (value) => local.has(value) };
}

/** What is known of a function: of whatever any of its callers passes. */
interface TracedFunction {
  readonly parameters: readonly string[];
  /** Its variables that hold local values. */
  readonly variables: Set<string>;
  returnsLocal: boolean;
}

interface Marks {
  readonly keys: Set<string>;
  readonly values: Set<string>;
  /** Expressions seen to be local. */
  readonly local: Set<Expression>;
  readonly functions: ReadonlyMap<string, TracedFunction>;
}

class BodyTracer {
  readonly #body: Block;
  readonly #types: ReadonlyMap<Expression, Type>;
  readonly #found: Marks;
  readonly #difference: DifferenceRule;
  readonly #variables: Set<string>;
  /** The function that this is the body of, if any. */
  readonly #function: TracedFunction | undefined;

  constructor(
    { body, function: own }: BoundProbe,
    types: ReadonlyMap<Expression, Type>,
    found: Marks,
    difference: DifferenceRule,
  ) {
    this.#body = body;
    this.#function = own && found.functions.get(own.name);
    this.#variables = this.#function?.variables ?? new Set();
    this.#types = types;
    this.#found = found;
    this.#difference = difference;
  }

  /** True if it found more than before. */
  run(): boolean {
    const before = this.#marks();
    walk(this.#body, { enter: (node) => this.#visit(node) });
    return this.#marks() > before;
  }

  #marks(): number {
    const { keys, values, functions } = this.#found;
    let marks = keys.size + values.size + this.#variables.size;
    for (const { variables, returnsLocal } of functions.values()) {
      marks += variables.size + (returnsLocal ? 1 : 0);
    }
    return marks;
  }

  #visit(node: AnyNode): void {
    if (node.kind === 'map' && node.key !== undefined && this.#isLocal(node.key)) {
      this.#found.keys.add(node.name);
    } else if (node.kind === 'assignment' && !isAggregationCall(node.value)) {
      this.#assign(node.target, node.value);
    } else if (node.kind === 'for') {
      this.#iterate(node);
    } else if (node.kind === 'let' && node.value !== undefined) {
      this.#assign(node.variable, node.value);
    } else if (node.kind === 'call') {
      this.#pass(node);
    } else if (node.kind === 'jump' && node.value !== undefined && this.#function !== undefined) {
      if (this.#isLocal(node.value)) this.#function.returnsLocal = true;
    }
  }

  #pass(call: Call): void {
    const called = this.#found.functions.get(call.callee);
    call.arguments.forEach((argument, index) => {
      const parameter = called?.parameters[index];
      if (parameter === undefined || argument.kind === 'type-name') return;
      if (this.#isLocal(argument)) called?.variables.add(parameter);
    });
  }

  #assign(target: Expression, value: Expression): void {
    if (!this.#isLocal(value)) return;
    if (target.kind === 'map') this.#found.values.add(target.name);
    else if (target.kind === 'variable') this.#variables.add(target.name);
  }

  #iterate({ variable, iterable }: For): void {
    const { keys, values } = this.#found;
    const local =
      iterable.kind === 'map'
        ? keys.has(iterable.name) || values.has(iterable.name)
        : [iterable.from, iterable.to].some((bound) => this.#isLocal(bound));
    if (local) this.#variables.add(variable.name);
  }

  #isLocal(node: Expression): boolean {
    const local = this.#judge(node);
    if (local) this.#found.local.add(node);
    return local;
  }

  #judge(node: Expression): boolean {
    if (this.#types.get(node)?.kind === 'pointer') return true;
    switch (node.kind) {
      case 'identifier':
        return findVariable(node.name)?.hostLocal === true;
      case 'variable':
        return this.#variables.has(node.name);
      case 'map':
        return this.#found.values.has(node.name);
      case 'binary':
        return this.#isLocalResult(node);
      case 'unary':
        return node.operator !== '!' && node.operator !== '*' && this.#isLocal(node.operand);
      case 'ternary':
        return this.#isLocal(node.then ?? node.condition) || this.#isLocal(node.otherwise);
      case 'cast':
        return this.#isLocal(node.operand);
      case 'increment':
        return this.#isLocal(node.target);
      case 'tuple':
        return node.elements.some((element) => this.#isLocal(element));
      case 'record':
        return node.fields.some(({ value }) => this.#isLocal(value));
      case 'field':
        return this.#types.get(node.object)?.kind === 'record'
          ? this.#isLocal(node.object)
          : isLocalField(node.field);
      case 'tuple-access':
        return this.#isLocal(node.object);
      case 'call':
        return this.#isLocalCall(node);
      case 'block-expression':
        return node.block.value !== undefined && this.#isLocal(node.block.value);
      default:
        return false;
    }
  }

  #isLocalResult({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): boolean {
    if (!isArithmetic(operator)) return false;
    // Both sides are always looked at, so that each is marked.
    const sides = [this.#isLocal(left), this.#isLocal(right)];
    return operator === '-' ? this.#difference(left, right) : sides.includes(true);
  }

  /** Text read through a pointer is not an address; a number formatted from one is. */
  #isLocalCall(node: Extract<Expression, { kind: 'call' }>): boolean {
    const own = this.#found.functions.get(node.callee);
    if (own !== undefined) return own.returnsLocal;
    const kind = findCall(node.callee);
    if (kind?.hostLocal === 'always') return true;
    if (kind?.hostLocal !== 'arguments') return false;
    return node.arguments.some(
      (argument) =>
        argument.kind !== 'type-name' &&
        this.#types.get(argument)?.kind !== 'pointer' &&
        this.#isLocal(argument),
    );
  }
}

function isArithmetic(operator: string): boolean {
  return !['==', '!=', '<', '<=', '>', '>=', '&&', '||'].includes(operator);
}

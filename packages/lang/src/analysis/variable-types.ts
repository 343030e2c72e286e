/** What is known of the types of one probe's scratch variables so far. Types only ever widen. */
import { aggregationValue, isAggregation } from '../builtins/aggregations.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { assignmentMismatch, lockedType, notAssignable } from '../diagnostics/messages/types.ts';
import type { Span } from '../source.ts';
import type { Expression } from '../syntax/ast.ts';
import { printType } from '../types/print-type.ts';
import { castImplicitly } from '../types/implicit-cast.ts';
import { sameType } from '../types/promote.ts';
import type { Promotable } from '../types/promote.ts';
import { INT64 } from '../types/scalars.ts';
import { flexibilityOf, type Flexibility } from '../types/sign-flexible.ts';
import type { Type } from '../types/type.ts';
import { equal, widen } from './map-types.ts';
import { keeps } from './type-locks.ts';

export class VariableTypes {
  readonly #types = new Map<string, Promotable>();
  /** Variables whose `let` names a type: nothing widens them. */
  readonly #declared = new Set<string>();
  readonly #mentioned = new Set<string>();
  /** Of those mentioned, the ones that no value says a type of. */
  readonly #assumed = new Set<string>();
  readonly #lockOf: (name: string) => Promotable | undefined;
  #changes = 0;

  constructor(lockOf: (name: string) => Promotable | undefined) {
    this.#lockOf = lockOf;
  }

  get changes(): number {
    return this.#changes;
  }

  get types(): ReadonlyMap<string, Type> {
    return new Map([...this.#types].map(([name, { type }]) => [name, type]));
  }

  typeOf(name: string): Type | undefined {
    return this.#types.get(name)?.type;
  }

  flexibility(name: string): Flexibility {
    return this.#types.get(name)?.signFlexible ?? false;
  }

  /** Whether a type was found for it, and not just taken for want of one. */
  isKnown(name: string): boolean {
    return !this.#assumed.has(name);
  }

  isDeclared(name: string): boolean {
    return this.#declared.has(name);
  }

  declare(name: string, type: Type, signFlexible = false): void {
    this.#declared.add(name);
    this.#set(name, { type, signFlexible });
  }

  /** `let $x : string;`: of this kind, and as large as what is assigned. */
  declareOpen(name: string, type: Type): void {
    if (!this.#types.has(name)) this.#set(name, { type });
  }

  /** `let $x;` */
  mention(name: string): void {
    this.#mentioned.add(name);
  }

  /** Variables that nothing is ever assigned to are zero all along. */
  settle(): void {
    for (const name of this.#mentioned) {
      if (this.#types.has(name)) continue;
      this.#assumed.add(name);
      this.#set(name, { type: INT64 });
    }
  }

  /** Widens a variable to hold this value as well; says so if it cannot. */
  store(
    name: string,
    value: Expression | undefined,
    { type: given, signFlexible = false }: Promotable,
    span: Span,
  ): Diagnostic | undefined {
    const current = this.#types.get(name);
    const type = storable(given, current?.type);
    if (type === undefined) return notAssignable(span, printType(given), 'scratch variable');
    const lock = this.#lockOf(name);
    if (lock !== undefined && !this.#declared.has(name)) {
      this.#set(name, lock);
      const kept = keeps(lock, { type, signFlexible });
      return kept ? undefined : lockedType(span, `$${name}`, printType(type), printType(lock.type));
    }
    const followsTarget = value?.kind === 'unary' && value.operator === '&';
    const widened = widen(current, { type, signFlexible, followsTarget });
    const declared = this.#declared.has(name);
    if (widened === undefined || (declared && !fits(current, widened, value, type))) {
      const held = printType(current?.type ?? type);
      return assignmentMismatch(span, 'variable', `$${name}`, printType(type), held);
    }
    if (!declared || widened.type.kind === 'pointer') this.#set(name, widened);
    return undefined;
  }

  #set(name: string, widened: Promotable): void {
    if (!equal(this.#types.get(name), widened)) this.#changes++;
    this.#types.set(name, widened);
  }
}

/** Whether a place of this type can be given that value, which becomes one of that type. */
export function takes(type: Type, value: Expression, given: Type): boolean {
  const stored = storable(given, type);
  if (stored === undefined) return false;
  const followsTarget = value.kind === 'unary' && value.operator === '&';
  const signFlexible = flexibilityOf(value);
  const widened = widen({ type }, { type: stored, signFlexible, followsTarget });
  return widened !== undefined && fits({ type }, widened, value, stored);
}

/** What goes into a variable of a named type becomes of that type. */
function fits(
  current: Promotable | undefined,
  widened: Promotable,
  value: Expression | undefined,
  given: Type,
): boolean {
  if (current === undefined || sameType(current.type, widened.type)) return true;
  if (current.type.kind === 'pointer' && widened.type.kind === 'pointer') {
    return sameType({ ...current.type, space: widened.type.space }, widened.type);
  }
  // `$x += 1` and `$x++` wrap around, as in C.
  if (value === undefined) return current.type.kind === 'integer';
  return castImplicitly(value, { type: given }, current.type, () => undefined);
}

/** What a variable keeps of a value: of an aggregation its number, unless the variable holds something else already. */
function storable(given: Type, current: Type | undefined): Type | undefined {
  if (isAggregation(given)) {
    const number = current === undefined || current.kind === 'integer';
    return number ? aggregationValue(given) : undefined;
  }
  return given.kind === 'void' ? undefined : given;
}

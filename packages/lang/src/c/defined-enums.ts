/** The enums that a program defines: values in order, and the type that holds them. */
import type { Span } from '../source.ts';
import type { Constant } from '../types/c-types.ts';
import type { EnumType } from '../types/scalars.ts';
import type { CEnum, CType } from './c-type.ts';
import type { CToken } from './c-token.ts';

type Evaluate = (tokens: readonly CToken[], at: Span) => bigint;

export class DefinedEnums {
  readonly #evaluate: Evaluate;
  readonly #measure: (type: CType, at: Span) => { readonly size: number };
  readonly #values = new Map<string, { readonly value: bigint; readonly of: string }>();
  readonly #types = new Map<string, EnumType>();

  constructor(evaluate: Evaluate, measure: (type: CType, at: Span) => { readonly size: number }) {
    this.#evaluate = evaluate;
    this.#measure = measure;
  }

  /** @throws SyntaxFault for a value that is no constant. */
  define({ name, enumerators, attributes, underlying, span }: CEnum): void {
    const values: (readonly [string, bigint])[] = [];
    let next = 0n;
    for (const enumerator of enumerators) {
      const { value: tokens } = enumerator;
      const value = tokens === undefined ? next : this.#evaluate(tokens, enumerator.span);
      values.push([enumerator.name, value]);
      this.#values.set(enumerator.name, { value, of: name });
      next = value + 1n;
    }
    const signed = values.some(([, value]) => value < 0n);
    const size = wordSize(
      underlying === undefined
        ? smallest(
            values.map(([, value]) => value),
            signed,
            attributes.packed ? 1 : 4,
          )
        : this.#measure(underlying, span).size,
    );
    const variants = Object.fromEntries(values.map(([variant, value]) => [`${value}`, variant]));
    this.#types.set(name, { kind: 'enum', name, size, signed, variants });
  }

  named(name: string): EnumType | undefined {
    return this.#types.get(name);
  }

  constant(name: string): Constant | undefined {
    const found = this.#values.get(name);
    if (found === undefined) return undefined;
    const type = this.#types.get(found.of);
    return type === undefined ? { value: found.value } : { value: found.value, type };
  }
}

function smallest(values: readonly bigint[], signed: boolean, least: number): number {
  const fits = (size: number): boolean =>
    values.every(
      (value) =>
        (signed ? BigInt.asIntN(size * 8, value) : BigInt.asUintN(size * 8, value)) === value,
    );
  return [1, 2, 4].find((size) => size >= least && fits(size)) ?? 8;
}

function wordSize(size: number): EnumType['size'] {
  return size === 1 || size === 2 || size === 4 ? size : 8;
}

/**
 * Writes random well-typed expressions of the language as text.
 *
 * Each comparison and call has an operand that is not known before the program runs: what folding decides early, it may
 * also type differently.
 */
import type { Choices } from './choices.ts';

/** What may be referred to, as text, by the kind of its value. */
export interface Scope {
  readonly integers: readonly string[];
  readonly booleans: readonly string[];
  readonly strings: readonly string[];
}

const ARITHMETIC = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] as const;
const ORDER = ['==', '!=', '<', '<=', '>', '>='] as const;
const WIDTHS = [8, 16, 32, 64] as const;
const LITERALS = [
  0n,
  1n,
  2n,
  7n,
  8n,
  63n,
  127n,
  128n,
  255n,
  256n,
  65535n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 63n - 1n,
];
const TEXTS = ['', 'a', 'ab', 'abc', 'abd', 'b', 'hello', 'hello world', 'x/y.z'] as const;
const MAX_DEPTH = 4;

export class ExpressionWriter {
  readonly #choices: Choices;
  readonly #scope: Scope;
  /** Variables declared in expressions so far: each has a name of its own. */
  #declared = 0;

  constructor(choices: Choices, scope: Scope) {
    this.#choices = choices;
    this.#scope = scope;
  }

  integer(depth = 0): string {
    const { pick } = this.#choices;
    if (depth >= MAX_DEPTH) return pick(this.#scope.integers);
    const next = depth + 1;
    switch (this.#choices.below(15)) {
      case 0:
      case 1:
        return pick(this.#scope.integers);
      case 12:
        return this.#block(next);
      case 13:
        return this.#element(next);
      case 14:
        return `bswap((uint${pick(WIDTHS.slice(1))})${this.integer(next)})`;
      case 2:
      case 3:
        return `(${this.integer(next)} ${pick(ARITHMETIC)} ${this.integer(next)})`;
      case 4:
        return `(${this.integer(next)} ${pick(['+', '-', '*', '&', '|', '^', '>>', '<<'])} ${this.#literal()})`;
      case 5:
        return `(${this.#literal()} ${pick(['+', '-', '*', '&', '|', '^'])} ${this.integer(next)})`;
      case 6:
        return `(${pick(['-', '~'])}${this.integer(next)})`;
      case 7:
        return `((${pick(['int', 'uint'])}${pick(WIDTHS)})${this.integer(next)})`;
      case 8:
        return `(${this.boolean(next)} ? ${this.integer(next)} : ${this.integer(next)})`;
      case 9:
        return this.#member(next);
      case 10:
        return `strncmp(${pick(this.#scope.strings)}, ${this.string(next)}, ${this.#choices.below(6)})`;
      default:
        return this.#textCall(next);
    }
  }

  boolean(depth = 0): string {
    const { pick } = this.#choices;
    if (depth >= MAX_DEPTH) return pick(this.#scope.booleans);
    const next = depth + 1;
    switch (this.#choices.below(8)) {
      case 0:
        return pick(this.#scope.booleans);
      case 1:
      case 2:
        return `(${this.integer(next)} ${pick(ORDER)} ${this.integer(next)})`;
      case 3:
        return `(${this.integer(next)} ${pick(ORDER)} ${this.#literal()})`;
      case 4:
        return `(${this.boolean(next)} ${pick(['&&', '||'])} ${this.boolean(next)})`;
      case 5:
        return `(!${this.boolean(next)})`;
      case 6:
        return `(${pick(this.#scope.strings)} ${pick(['==', '!='])} ${this.string(next)})`;
      default:
        return this.#objects(next);
    }
  }

  string(depth = 0): string {
    const { pick } = this.#choices;
    if (depth >= MAX_DEPTH - 1 || this.#choices.below(3) > 0) {
      return pick([...this.#scope.strings, `"${pick(TEXTS)}"`]);
    }
    return `(${this.boolean(depth + 1)} ? ${this.string(depth + 1)} : ${this.string(depth + 1)})`;
  }

  /** Tuples and records of the same shape, compared. */
  #objects(depth: number): string {
    const shapes = [
      () => `(${this.integer(depth)}, ${this.string(depth)})`,
      () => `(${this.boolean(depth)}, (${this.integer(depth)}, ${this.string(depth)}))`,
      () => `(a = ${this.integer(depth)}, b = (${this.boolean(depth)}, ${this.integer(depth)}))`,
    ] as const;
    const shape = this.#choices.pick(shapes);
    return `(${shape()} ${this.#choices.pick(['==', '!='])} ${shape()})`;
  }

  #member(depth: number): string {
    const shapes = [
      () => `(${this.#tuple(depth)}).0`,
      () => `(${this.string(depth)}, (${this.#tuple(depth)})).1.0`,
      () => `(a = ${this.string(depth)}, b = ${this.integer(depth)}).b`,
      () => `(a = (${this.#tuple(depth)}), b = ${this.boolean(depth)}).a.0`,
    ] as const;
    return this.#choices.pick(shapes)();
  }

  /** Blocks with a value, and conditions that choose between two. */
  #block(depth: number): string {
    const { pick } = this.#choices;
    const name = `$v${this.#declared++}`;
    const shapes = [
      () =>
        `({ let ${name} = ${this.integer(depth)}; (${name} ${pick(ARITHMETIC)} ${this.integer(depth)}) })`,
      () =>
        `(if (${this.boolean(depth)}) { ${this.integer(depth)} } else { ${this.integer(depth)} })`,
      () =>
        `(if (${this.boolean(depth)}) { ${this.integer(depth)} } else if (${this.boolean(depth)}) { ${this.integer(depth)} } else { let ${name} = ${this.integer(depth)}; ${name} })`,
    ] as const;
    return pick(shapes)();
  }

  /** Of the bytes of a number; the index is in the array. */
  #element(depth: number): string {
    const { pick, below } = this.#choices;
    const bits = pick(WIDTHS.slice(0, 3));
    const count = 64 / bits;
    const index =
      below(2) === 0 ? `${below(count)}` : `((uint64)${this.integer(depth)} % ${count})`;
    const sign = pick(['int', 'uint']);
    return `((${sign}${bits}[${count}])(uint64)${this.integer(depth)})[${index}]`;
  }

  /** With an integer first. */
  #tuple(depth: number): string {
    const rest = [
      () => this.integer(depth),
      () => this.string(depth),
      () => this.boolean(depth),
    ] as const;
    return `${this.integer(depth)}, ${this.#choices.pick(rest)()}`;
  }

  #textCall(depth: number): string {
    const name = this.#choices.pick(['strlen', 'strcontains', 'strstr'] as const);
    const text = this.#choices.pick(this.#scope.strings);
    if (name === 'strlen') return `strlen(${text})`;
    const part = this.string(depth);
    if (name === 'strstr') return `strstr(${text}, ${part})`;
    return `(strcontains(${text}, ${part}) ? ${this.#literal()} : ${this.integer(depth)})`;
  }

  #literal(): string {
    return `${this.#choices.pick(LITERALS)}`;
  }
}

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
];
const TEXTS = ['', 'a', 'ab', 'abc', 'abd', 'b', 'hello', 'hello world', 'x/y.z'] as const;
const MAX_DEPTH = 4;

export class ExpressionWriter {
  readonly #choices: Choices;
  readonly #scope: Scope;

  constructor(choices: Choices, scope: Scope) {
    this.#choices = choices;
    this.#scope = scope;
  }

  integer(depth = 0): string {
    const { pick } = this.#choices;
    if (depth >= MAX_DEPTH) return pick(this.#scope.integers);
    const next = depth + 1;
    switch (this.#choices.below(12)) {
      case 0:
      case 1:
        return pick(this.#scope.integers);
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
        return `(${this.#tuple(next)}).0`;
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
      default: {
        const [left, right] = [this.integer(next), this.integer(next)];
        const [a, b] = [this.string(next), this.string(next)];
        return `((${left}, ${a}) ${pick(['==', '!='])} (${right}, ${b}))`;
      }
    }
  }

  string(depth = 0): string {
    const { pick } = this.#choices;
    if (depth >= MAX_DEPTH - 1 || this.#choices.below(3) > 0) {
      return pick([...this.#scope.strings, `"${pick(TEXTS)}"`]);
    }
    return `(${this.boolean(depth + 1)} ? ${this.string(depth + 1)} : ${this.string(depth + 1)})`;
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

/** A mangled name that is being read, with what of it later parts refer to. Names come from files: all is bounded. */
import { isPack, type Value } from './declarator.ts';

/** A name that is malformed, or too large to be read by anybody. */
export class MangledError extends Error {}

const MAX_DEPTH = 200;
const MAX_STEPS = 20_000;
/** Substitutions can double a name with every few letters. */
const MAX_TEXT_CHARS = 16_384;
const MAX_TOTAL_CHARS = 1_048_576;

/** A `T_` stands for the argument of the function that is being named, not of the one where it was first. */
export interface Substitution {
  readonly value: Value;
  readonly param: number | undefined;
}

export interface Name {
  readonly value: Value;
  /** Functions of templates have their type of result in their name, but for those that have none. */
  readonly hasResult: boolean;
  /** `const` and its like, after the parameters of a member function. */
  readonly qualifiers: string;
}

/** Names in a function do not repeat its result (`local`); the address of one has no parameters either. */
export type EncodingUse = 'whole' | 'local' | 'address';

/** What parts of the grammar hold of those that hold them. */
export interface Grammar {
  readonly type: (text: MangledText) => Value;
  /** @param named whether this is what the whole name is about, so that `T_` after it stands for its arguments */
  readonly name: (text: MangledText, named: boolean) => Name;
  readonly expression: (text: MangledText) => Value;
  readonly literal: (text: MangledText) => Value;
  readonly encoding: (text: MangledText, use: EncodingUse) => Value;
}

export class MangledText {
  readonly grammar: Grammar;
  readonly #text: string;
  readonly #substitutions: Substitution[] = [];
  /** Arguments of the function that is named, for `T_`. */
  templateArgs: Value[] = [];
  /** Whether `T_` stands for an argument that comes later, or for `auto`. */
  forward: 'refuse' | 'later' | 'auto' = 'refuse';
  at = 0;
  #depth = 0;
  #steps = 0;
  #totalChars = 0;

  constructor(text: string, grammar: Grammar) {
    this.grammar = grammar;
    this.#text = text;
  }

  get ended(): boolean {
    return this.at >= this.#text.length;
  }

  get rest(): string {
    return this.#text.slice(this.at);
  }

  peek(ahead = 0): string {
    return this.#text[this.at + ahead] ?? '';
  }

  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.at);
  }

  take(prefix: string): boolean {
    if (!this.startsWith(prefix)) return false;
    this.at += prefix.length;
    return true;
  }

  expect(prefix: string): void {
    if (!this.take(prefix)) throw new MangledError(`expected ${prefix}`);
  }

  /** Two letters, such as those of an operator. */
  pair(): string {
    return this.#text.slice(this.at, this.at + 2);
  }

  /** Digits; `n` before them is a minus. */
  digits(): string {
    const sign = this.take('n') ? '-' : '';
    const start = this.at;
    while (/^\d$/.test(this.peek())) this.at++;
    if (start === this.at) throw new MangledError('expected a number');
    return sign + this.#text.slice(start, this.at);
  }

  /** A number with its `_`: none is 0, and those that follow count from 1. */
  sequence(base: 10 | 36): number {
    const start = this.at;
    while (/^[\dA-Z]$/.test(this.peek())) this.at++;
    const digits = this.#text.slice(start, this.at);
    this.expect('_');
    const value = digits === '' ? -1 : Number.parseInt(digits, base);
    if (Number.isNaN(value)) throw new MangledError('expected a number');
    return value + 1;
  }

  chars(count: number): string {
    if (!(count > 0 && count <= this.#text.length - this.at)) throw new MangledError('cut off');
    this.at += count;
    return this.#text.slice(this.at - count, this.at);
  }

  /** A name with its length before it. */
  identifier(): string {
    const name = this.chars(Number(this.digits()));
    return /^_GLOBAL_[._$]N/.test(name) ? '(anonymous namespace)' : name;
  }

  /** Text up to an `E`, which is taken too. */
  untilEnd(): string {
    const end = this.#text.indexOf('E', this.at);
    if (end === -1) throw new MangledError('cut off');
    const found = this.#text.slice(this.at, end);
    this.at = end + 1;
    return found;
  }

  /** Everything that may hold itself is read inside of this. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) throw new MangledError('too deep');
    const value = read();
    this.#depth--;
    return value;
  }

  /** Keeps a part for `S_`. @param param where it is a `T_`, of which argument */
  remember(value: Value, param?: number): Value {
    this.#substitutions.push({ value: this.bounded(value), param });
    return value;
  }

  substitution(index: number): Substitution {
    const found = this.#substitutions[index];
    if (found === undefined) throw new MangledError('no such substitution');
    return found;
  }

  bounded(value: Value): Value {
    const parts = isPack(value) ? value.elements : [value];
    const chars = parts.reduce((sum, { left, right }) => sum + left.length + right.length, 0);
    this.#totalChars += chars + parts.length;
    if (chars > MAX_TEXT_CHARS || this.#totalChars > MAX_TOTAL_CHARS) {
      throw new MangledError('too long');
    }
    return value;
  }
}

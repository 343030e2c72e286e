/** A mangled Rust name that is being read, and what it is in the source. Names come from files: all is bounded. */

/** A name that is malformed, or too large to be read by anybody. */
export class RustNameError extends Error {}

const MAX_DEPTH = 200;
const MAX_TEXT_CHARS = 16_384;

export class RustText {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #chars = 0;
  /** Lifetimes that `for<…>` around this has named. */
  lifetimes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }

  peek(): string {
    return this.#text[this.#at] ?? '';
  }

  take(letter: string): boolean {
    if (this.peek() !== letter) return false;
    this.#at++;
    return true;
  }

  next(): string {
    const letter = this.peek();
    if (letter === '') throw new RustNameError('cut off');
    this.#at++;
    return letter;
  }

  match(pattern: RegExp): string {
    const found = pattern.exec(this.rest)?.[0];
    if (found === undefined) throw new RustNameError('cut off');
    this.#at += found.length;
    return found;
  }

  /** Digits and letters up to `_`: none is 0, and those that follow count from 1. */
  base62(): number {
    const digits = this.match(/^[0-9a-zA-Z]*_/).slice(0, -1);
    if (digits === '') return 0;
    let value = 0;
    for (const digit of digits) {
      const code = /\d/.test(digit)
        ? Number(digit)
        : /[a-z]/.test(digit)
          ? digit.charCodeAt(0) - 87
          : digit.charCodeAt(0) - 29;
      value = value * 62 + code;
    }
    return value + 1;
  }

  /** With `tag` before it, and otherwise 0. */
  optional62(tag: string): number {
    return this.take(tag) ? this.base62() + 1 : 0;
  }

  identifier(): string {
    const encoded = this.take('u');
    const length = Number(this.match(/^(?:0|[1-9]\d*)/));
    this.take('_');
    const name = this.rest.slice(0, length);
    if (name.length !== length) throw new RustNameError('cut off');
    this.#at += length;
    return this.bounded(encoded ? `punycode{${name.replace(/_(?=[^_]*$)/, '-')}}` : name);
  }

  /** Reads an earlier part again. */
  earlier<T>(read: () => T): T {
    const here = this.#at - 1;
    const at = this.base62();
    if (at >= here) throw new RustNameError('not earlier');
    const back = this.#at;
    this.#at = at;
    const value = this.nested(read);
    this.#at = back;
    return value;
  }

  /** Everything that may hold itself is read inside of this. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new RustNameError('too deep');
    const value = read();
    this.#depth--;
    return value;
  }

  bounded(text: string): string {
    this.#chars += text.length + 1;
    if (this.#chars > 4 * MAX_TEXT_CHARS || text.length > MAX_TEXT_CHARS) {
      throw new RustNameError('too long');
    }
    return text;
  }
}

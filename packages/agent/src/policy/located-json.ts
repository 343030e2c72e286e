/** JSON whose values know the line they are on, so that a fault in a file of settings can be pointed at. */

export type LocatedJson = { readonly line: number } & (
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, LocatedJson> }
  | { readonly kind: 'array'; readonly elements: readonly LocatedJson[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
);

export class JsonSyntaxError extends Error {
  override readonly name: string = 'JsonSyntaxError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Far deeper than settings are. */
const MAX_DEPTH = 32;
const SCALAR = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/y;
const BLANK = /[ \t\r\n]*/y;

/** Throws JsonSyntaxError; a name that is there twice is one. */
export function parseLocatedJson(text: string): LocatedJson {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): LocatedJson {
    this.#skip();
    if (depth > MAX_DEPTH) this.#fail('nested too deeply');
    const line = this.#line();
    if (this.#takes('{')) return { kind: 'object', line, members: this.#members(depth) };
    if (this.#takes('[')) return { kind: 'array', line, elements: this.#elements(depth) };
    return { kind: 'scalar', line, value: this.#scalar() };
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.#fail(`${this.#here()} after the end`);
  }

  #members(depth: number): ReadonlyMap<string, LocatedJson> {
    const members = new Map<string, LocatedJson>();
    if (this.#takes('}')) return members;
    do {
      this.#skip();
      const name = this.#text[this.#at] === '"' ? this.#scalar() : undefined;
      if (typeof name !== 'string') this.#fail(`expected a name in quotes, not ${this.#here()}`);
      if (members.has(name)) this.#fail(`"${name}" is there twice`);
      if (!this.#takes(':')) this.#fail(`expected : after "${name}", not ${this.#here()}`);
      members.set(name, this.value(depth + 1));
    } while (this.#takes(','));
    if (!this.#takes('}')) this.#fail(`expected , or }, not ${this.#here()}`);
    return members;
  }

  #elements(depth: number): readonly LocatedJson[] {
    const elements: LocatedJson[] = [];
    if (this.#takes(']')) return elements;
    do elements.push(this.value(depth + 1));
    while (this.#takes(','));
    if (!this.#takes(']')) this.#fail(`expected , or ], not ${this.#here()}`);
    return elements;
  }

  #scalar(): string | number | boolean | null {
    SCALAR.lastIndex = this.#at;
    const found = SCALAR.exec(this.#text)?.[0];
    if (found === undefined) this.#fail(`expected a value, not ${this.#here()}`);
    let value: unknown;
    try {
      value = JSON.parse(found);
    } catch {
      this.#fail(`${JSON.stringify(found)} is not JSON`);
    }
    this.#at += found.length;
    return value as string | number | boolean | null;
  }

  #takes(mark: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #skip(): void {
    BLANK.lastIndex = this.#at;
    this.#at += BLANK.exec(this.#text)?.[0].length ?? 0;
  }

  #here(): string {
    return this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end';
  }

  #line(): number {
    return this.#text.slice(0, this.#at).split('\n').length;
  }

  #fail(message: string): never {
    throw new JsonSyntaxError(this.#line(), message);
  }
}

/** A place in a row of C tokens, and how to fail there. */
import { cSyntax } from '../diagnostics/messages/c.ts';
import type { Span } from '../source.ts';
import { SyntaxFault } from '../syntax/syntax-fault.ts';
import type { CToken } from './c-token.ts';

export class TokenCursor {
  readonly #tokens: readonly CToken[];
  readonly #end: Span;
  #at = 0;
  #braces = 0;
  #pack: number | undefined;

  /** `end` is pointed at where tokens are missing. */
  constructor(tokens: readonly CToken[], end: Span) {
    this.#tokens = tokens;
    this.#end = tokens.at(-1)?.span ?? end;
    this.#skipPack();
  }

  get current(): CToken | undefined {
    return this.#tokens[this.#at];
  }

  get following(): CToken | undefined {
    return this.#tokens.slice(this.#at + 1, this.#at + 3).find(({ kind }) => kind !== 'pack');
  }

  /** The alignment that `#pragma pack` allows at most. */
  get pack(): number | undefined {
    return this.#pack;
  }

  /** How many braces are open. */
  get braces(): number {
    return this.#braces;
  }

  get span(): Span {
    return this.current?.span ?? this.#end;
  }

  at(text: string): boolean {
    return this.current?.text === text;
  }

  advance(): CToken {
    const token = this.current ?? this.fail('unexpected end of the definition');
    this.#at++;
    if (token.text === '{') this.#braces++;
    else if (token.text === '}' && this.#braces > 0) this.#braces--;
    this.#skipPack();
    return token;
  }

  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.advance();
    return true;
  }

  expect(text: string): CToken {
    return this.at(text) ? this.advance() : this.fail(`expected '${text}'`);
  }

  /** The tokens up to one of these outside parentheses, brackets and braces, or to the end. */
  until(stops: readonly string[]): readonly CToken[] {
    const taken: CToken[] = [];
    let depth = 0;
    for (let token = this.current; token !== undefined; token = this.current) {
      if (depth === 0 && stops.includes(token.text)) break;
      if ('([{'.includes(token.text)) depth++;
      else if (')]}'.includes(token.text) && --depth < 0) break;
      taken.push(this.advance());
    }
    return taken;
  }

  /** The tokens between a pair of parentheses, brackets or braces that opens here. */
  enclosed(open: '(' | '[' | '{', close: ')' | ']' | '}'): readonly CToken[] {
    this.expect(open);
    const inner = this.until([close]);
    this.expect(close);
    return inner;
  }

  /** @throws SyntaxFault */
  fail(message: string, span: Span = this.span): never {
    throw new SyntaxFault(cSyntax(span, message));
  }

  #skipPack(): void {
    for (let token = this.current; token?.kind === 'pack'; token = this.current) {
      this.#pack = token.text === '' ? undefined : Number(token.text);
      this.#at++;
    }
  }
}

/** The parser's view of the text: the current token, what comes after it, and how to fail at it. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { expected, nestedTooDeeply, programTooLong } from '../diagnostics/messages/syntax.ts';
import { span, type Source, type Span } from '../source.ts';
import { faultRange, readToken } from './lexer.ts';
import { SyntaxFault } from './syntax-fault.ts';
import type { Token } from './token.ts';

/** Deeper programs could overflow the stack, here or in a later pass. */
const maxNesting = 500;
/** Each makes an instruction or so; the kernel takes a million, and compiling as many takes gigabytes. */
const maxTokens = 500_000;

export class TokenStream {
  readonly source: Source;
  #current: Token;
  #lastEnd = 0;
  #nesting = 0;
  #tokens = 0;

  constructor(source: Source) {
    this.source = source;
    this.#current = readToken(source.text, 0);
  }

  get text(): string {
    return this.source.text;
  }

  /** The token that is next to be consumed. */
  get current(): Token {
    return this.#current;
  }

  /** Where the last consumed token ends. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  /** The token after the current one. */
  get following(): Token {
    return readToken(this.text, this.#current.end);
  }

  advance(): Token {
    const token = this.#current;
    this.jump(token.end);
    return token;
  }

  /** Continues at an offset, after text that was read as raw characters. */
  jump(offset: number): void {
    this.#lastEnd = offset;
    if (++this.#tokens > maxTokens) this.fail(programTooLong(this.faultSpan(), maxTokens));
    this.#current = readToken(this.text, offset);
  }

  /** Whether the current token is this word or sign. */
  at(text: string): boolean {
    return this.#current.text === text && this.#current.kind !== 'end';
  }

  atEnd(): boolean {
    return this.#current.kind === 'end';
  }

  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.advance();
    return true;
  }

  expect(text: string): Token {
    if (!this.at(text)) this.failExpected(`'${text}'`);
    return this.advance();
  }

  expectIdentifier(what: string): Token {
    if (this.#current.kind !== 'identifier') this.failExpected(what);
    return this.advance();
  }

  /** many(element) := element (',' element)* */
  many<T>(element: () => T): T[] {
    const elements = [element()];
    while (this.accept(',')) elements.push(element());
    return elements;
  }

  spanFrom(start: number): Span {
    return span(this.source, start, Math.max(start, this.#lastEnd));
  }

  /** The range that an error at an offset points at. */
  faultSpan(offset: number = this.#lastEnd): Span {
    const { start, end } = faultRange(this.text, offset);
    return span(this.source, start, end);
  }

  fail(diagnostic: Diagnostic): never {
    throw new SyntaxFault(diagnostic);
  }

  failExpected(what: string): never {
    this.fail(expected(this.faultSpan(), what));
  }

  /** Runs one level of recursion, and refuses to go deeper than the stack surely allows. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > maxNesting) this.fail(nestedTooDeeply(this.faultSpan(), maxNesting));
    const result = parse();
    this.#nesting--;
    return result;
  }
}

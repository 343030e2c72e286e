/** Types as written: names, tags, pointers and arrays, and `typeof(…)`. */
import type { Expression, TypeName, TypeOf } from './ast.ts';
import { isBuiltinName, isTypeKeyword } from './builtin-names.ts';
import { decodeInteger } from './decode-integer.ts';
import { badInteger } from '../diagnostics/messages/syntax.ts';
import { span } from '../source.ts';
import { readToken } from './lexer.ts';
import type { Token } from './token.ts';
import { TokenStream } from './token-stream.ts';

type Derivation = TypeName['derivations'][number];

export abstract class TypeParser extends TokenStream {
  /** The token after the parentheses that open at an offset. */
  readonly #closed = new Map<number, Token>();

  abstract expression(): Expression;

  /** type := typeof | (('struct' | 'union' | 'enum') name | name) ('*' | '[' [integer] ']')* */
  typeName(): TypeName {
    if (this.at('typeof') && this.following.text === '(') return this.typeOfName();
    const start = this.current.start;
    const first = this.expectIdentifier('type name');
    const tag = tagKeyword(first);
    const base = tag === undefined ? first : this.expectIdentifier('identifier');
    const derivations: Derivation[] = [];
    for (;;) {
      if (this.accept('*')) derivations.push({ kind: 'pointer' });
      else if (this.accept('[')) derivations.push({ kind: 'array', size: this.#arraySize() });
      else break;
    }
    return { kind: 'type-name', span: this.spanFrom(start), tag, base: base.text, derivations };
  }

  /** The rest of an array suffix: [integer] ']' */
  #arraySize(): bigint | undefined {
    const size = this.at(']') ? undefined : this.integer('array size').value;
    this.expect(']');
    return size;
  }

  /** typeof := 'typeof' '(' type-or-expression ')' */
  typeOf(): TypeOf {
    const start = this.expect('typeof').start;
    this.expect('(');
    const argument = this.nested(() => this.typeOrExpression());
    this.expect(')');
    return { kind: 'typeof', span: this.spanFrom(start), argument };
  }

  /** A `typeof` in the place of a type. */
  typeOfName(): TypeName {
    const base = this.typeOf();
    return { kind: 'type-name', span: base.span, tag: undefined, base, derivations: [] };
  }

  /**
   * type-or-expression := type | expression
   *
   * Only what is sure to be a type is read as one. A bare name that could be either is an identifier, for the
   * checker to resolve.
   */
  typeOrExpression(): TypeName | Expression {
    if (this.atTypeOf()) return this.typeOfName();
    const type = this.scanType();
    const isType = type?.sure === true && (type.next.text === ')' || type.next.text === ',');
    return isType ? this.typeName() : this.expression();
  }

  /** Whether a `typeof` is here that is not the start of a longer expression. */
  atTypeOf(): boolean {
    if (!this.at('typeof') || this.following.text !== '(') return false;
    const { text } = this.afterTypeOf();
    return text === ')' || text === ',';
  }

  /** The token after a balanced `typeof(…)`. */
  afterTypeOf(): Token {
    const { following } = this;
    return following.text === '(' ? this.#afterParentheses(following) : this.#after(following);
  }

  /** Those inside were met on the way: no text is looked over twice. */
  #afterParentheses(opening: Token): Token {
    const known = this.#closed.get(opening.start);
    if (known !== undefined) return known;
    const open: number[] = [];
    let token = opening;
    do {
      const before = token;
      token = this.#after(before);
      if (before.text === '(') open.push(before.start);
      else if (before.text === ')') this.#closed.set(open.pop() ?? 0, token);
    } while (open.length > 0 && token.kind !== 'end');
    for (const start of open) this.#closed.set(start, token);
    return token;
  }

  #after({ end }: Token): Token {
    return readToken(this.text, end);
  }

  /** Looks over a type without consuming it; undefined if there is none. */
  scanType(): { readonly next: Token; readonly sure: boolean } | undefined {
    const first = this.current;
    if (first.kind !== 'identifier' || isBuiltinName(first.text)) return undefined;
    const after = (token: Token): Token => readToken(this.text, token.end);
    let next = after(first);
    let sure = isTypeKeyword(first.text);
    if (tagKeyword(first) !== undefined) {
      if (next.kind !== 'identifier') return undefined;
      next = after(next);
      sure = true;
    }
    while (next.text === '*' || next.text === '[') {
      sure = true;
      if (next.text === '[') {
        next = after(next);
        if (next.kind === 'integer') next = after(next);
        if (next.text !== ']') return undefined;
      }
      next = after(next);
    }
    return { next, sure };
  }

  /** integer, decoded; `what` names it in the error if there is none. */
  integer(what: string): { readonly value: bigint; readonly suffix: string | undefined } {
    const token = this.current;
    if (token.kind !== 'integer') this.failExpected(what);
    const decoded = decodeInteger(token.text);
    if ('fault' in decoded) {
      const { start, end, fault } = decoded;
      this.fail(badInteger(span(this.source, token.start + start, token.start + end), fault));
    }
    this.advance();
    return decoded;
  }
}

function tagKeyword(token: Token): TypeName['tag'] {
  switch (token.text) {
    case 'struct':
    case 'union':
    case 'enum':
      return token.text;
    default:
      return undefined;
  }
}

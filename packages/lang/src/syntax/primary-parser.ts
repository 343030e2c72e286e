/** Primary expressions: literals, names, calls, and everything that begins with a parenthesis or a keyword. */
import type {
  Block,
  Call,
  Cast,
  Expression,
  If,
  MapReference,
  OffsetOf,
  PositionalParameter,
  Record,
  StringLiteral,
  TypeName,
  Variable,
} from './ast.ts';
import {
  badEscape,
  badPositional,
  duplicateField,
  unterminatedString,
} from '../diagnostics/messages/syntax.ts';
import { span } from '../source.ts';
import { isBuiltinName, isValueName } from './builtin-names.ts';
import { decodeString } from './decode-string.ts';
import { readToken } from './lexer.ts';
import type { Token } from './token.ts';
import { TypeParser } from './type-parser.ts';

export abstract class PrimaryParser extends TypeParser {
  abstract unary(): Expression;
  /** block := '{' statement* [expression] '}' */
  abstract block(): Block;

  /**
   * primary := integer | string | 'true' | 'false' | variable | map | positional | '$#' | '(' … ')' | block
   *          | if | 'sizeof' … | 'offsetof' … | 'typeinfo' … | 'comptime' unary | call | identifier
   */
  primary(): Expression {
    const token = this.current;
    switch (token.kind) {
      case 'integer': {
        const { value, suffix } = this.integer('expression');
        return { kind: 'integer', span: this.spanFrom(token.start), value, suffix };
      }
      case 'string':
        return this.string();
      case 'variable':
        return this.variable('expression');
      case 'map':
        return this.mapReference();
      case 'positional':
        return this.#positional();
      case 'positional-count':
        this.advance();
        return { kind: 'positional-count', span: this.spanFrom(token.start) };
      case 'identifier':
        return this.#word(token);
      case 'punctuation':
        if (token.text === '(') return this.nested(() => this.#parenthesised());
        if (token.text === '{') {
          const block = this.block();
          return { kind: 'block-expression', span: block.span, block };
        }
        return this.failExpected('expression');
      case 'unknown':
        return this.failExpected(token.text === '$' ? "identifier after '$'" : 'expression');
      case 'end':
        return this.failExpected('expression');
    }
  }

  /** The primaries that begin with a word. */
  #word(token: Token): Expression {
    const called = this.following.text === '(';
    switch (token.text) {
      case 'true':
      case 'false':
        this.advance();
        return { kind: 'boolean', span: this.spanFrom(token.start), value: token.text === 'true' };
      case 'if':
        return this.nested(() => this.#ifExpression());
      case 'sizeof':
      case 'typeinfo': {
        this.advance();
        this.expect('(');
        const argument = this.typeOrExpression();
        this.expect(')');
        return { kind: token.text, span: this.spanFrom(token.start), argument };
      }
      case 'offsetof':
        return this.#offsetOf();
      case 'comptime': {
        this.advance();
        const expression = this.nested(() => this.unary());
        return { kind: 'comptime', span: this.spanFrom(token.start), expression };
      }
      case 'typeof':
        if (called) return this.typeOf();
        break;
    }
    if (called) return this.nested(() => this.#call());
    this.advance();
    return { kind: 'identifier', span: this.spanFrom(token.start), name: token.text };
  }

  /** if := 'if' condition block ['else' (block | if)], condition := '(' expression ')' | unary */
  #ifExpression(): If {
    const start = this.expect('if').start;
    const condition = this.condition();
    const then = this.block();
    let otherwise: Block | If | undefined;
    if (this.accept('else')) {
      if (this.at('{')) otherwise = this.block();
      else if (this.at('if')) otherwise = this.nested(() => this.#ifExpression());
      else this.failExpected("'{' or 'if' after 'else'");
    }
    return {
      kind: 'if',
      span: this.spanFrom(start),
      condition: condition.kind === 'comptime' ? condition.expression : condition,
      comptime: condition.kind === 'comptime',
      ...(condition.kind === 'comptime' && { comptimeSpan: condition.span }),
      then,
      otherwise,
    };
  }

  /** condition := '(' expression ')' | unary; what follows a condition is a block. */
  condition(): Expression {
    if (!this.accept('(')) return this.unary();
    const condition = this.expression();
    this.expect(')');
    return condition;
  }

  /** offsetof := 'offsetof' '(' type-or-expression ',' name ('.' name)* ')' */
  #offsetOf(): OffsetOf {
    const start = this.expect('offsetof').start;
    this.expect('(');
    const argument = this.typeOrExpression();
    this.expect(',');
    const path = [this.expectIdentifier('identifier').text];
    while (this.accept('.')) path.push(this.expectIdentifier('identifier').text);
    this.expect(')');
    return { kind: 'offsetof', span: this.spanFrom(start), argument, path };
  }

  /** call := name '(' [argument (',' argument)*] ')', argument := typeof | expression */
  #call(): Call {
    const callee = this.advance();
    const calleeSpan = this.spanFrom(callee.start);
    this.expect('(');
    const callArguments = this.at(')') ? [] : this.many(() => this.#argument());
    this.expect(')');
    return {
      kind: 'call',
      span: this.spanFrom(callee.start),
      callee: callee.text,
      calleeSpan,
      arguments: callArguments,
    };
  }

  #argument(): Expression | TypeName {
    return this.atTypeOf() ? this.typeOfName() : this.expression();
  }

  /** '(' ( ')' | record | cast | tuple-or-group ) */
  #parenthesised(): Expression {
    const start = this.expect('(').start;
    if (this.accept(')')) return { kind: 'tuple', span: this.spanFrom(start), elements: [] };
    if (this.#atRecord()) return this.#record(start);
    if (this.#atCast()) return this.#cast(start);
    return this.#tupleOrGroup(start);
  }

  #atRecord(): boolean {
    const { kind, text } = this.current;
    return kind === 'identifier' && !isBuiltinName(text) && this.following.text === '=';
  }

  /** record := '(' name '=' expression (',' name '=' expression)* ')' */
  #record(start: number): Record {
    const names = new Set<string>();
    const fields = this.many(() => {
      const name = this.expectIdentifier('identifier');
      this.expect('=');
      const value = this.expression();
      const field = { name: name.text, span: this.spanFrom(name.start), value };
      if (names.has(name.text)) this.fail(duplicateField(field.span, name.text));
      names.add(name.text);
      return field;
    });
    this.expect(')');
    return { kind: 'record', span: this.spanFrom(start), fields };
  }

  /**
   * A parenthesised type is a cast if an expression can begin after it: `(foo)*$a` casts, `(pid)*tid` multiplies.
   */
  #atCast(): boolean {
    const next = this.at('typeof') ? this.afterTypeOf() : this.scanType()?.next;
    if (next?.text !== ')' || isValueName(this.current.text)) return false;
    return beginsOperand(this.text, readToken(this.text, next.end));
  }

  /** cast := '(' type ')' unary; its span is that of the parenthesis, as in bpftrace. */
  #cast(start: number): Cast {
    const type = this.typeName();
    this.expect(')');
    const where = this.spanFrom(start);
    return { kind: 'cast', span: where, type, operand: this.nested(() => this.unary()) };
  }

  /** tuple := '(' expression ',' [expression (',' expression)* [',']] ')', group := '(' expression ')' */
  #tupleOrGroup(start: number): Expression {
    const first = this.expression();
    if (!this.at(',')) {
      this.expect(')');
      return first;
    }
    const elements = [first];
    while (this.accept(',')) {
      if (this.at(')')) break;
      elements.push(this.expression());
    }
    this.expect(')');
    return { kind: 'tuple', span: this.spanFrom(start), elements };
  }

  /** map := '@' [name] ['[' expression (',' expression)* ']'] */
  mapReference(): MapReference {
    const token = this.mapName();
    const start = token.span.start;
    if (!this.accept('[')) return token;
    const keys = this.many(() => this.expression());
    this.expect(']');
    const whole = this.spanFrom(start);
    const [first] = keys;
    const key: Expression | undefined =
      keys.length === 1 ? first : { kind: 'tuple', span: whole, elements: keys };
    return { kind: 'map', span: whole, name: token.name, key };
  }

  /** '@' [name], without keys. */
  mapName(): MapReference {
    if (this.current.kind !== 'map') this.failExpected("'@'");
    const { text, start } = this.advance();
    return { kind: 'map', span: this.spanFrom(start), name: text, key: undefined };
  }

  /** variable := '$' name; `what` is what the error says was expected. */
  variable(what: string): Variable {
    const token = this.current;
    if (token.kind !== 'variable') {
      this.failExpected(token.text.startsWith('$') ? "identifier after '$'" : what);
    }
    this.advance();
    return { kind: 'variable', span: this.spanFrom(token.start), name: token.text.slice(1) };
  }

  /** positional := '$' digits */
  #positional(): PositionalParameter {
    const { text, start } = this.advance();
    const index = Number(text.slice(1));
    const where = this.spanFrom(start);
    if (index < 1 || index >= 2 ** 63) this.fail(badPositional(where, text.slice(1)));
    return { kind: 'positional', span: where, index };
  }

  /** string, decoded. */
  string(): StringLiteral {
    const token = this.current;
    const decoded = decodeString(token.text);
    if ('fault' in decoded) {
      const at = token.start + decoded.at;
      if (decoded.fault === 'unterminated') this.fail(unterminatedString(this.faultSpan(at)));
      const where =
        decoded.end === undefined
          ? this.faultSpan(at)
          : span(this.source, at, token.start + decoded.end);
      this.fail(badEscape(where, decoded.message));
    }
    this.advance();
    return { kind: 'string', span: this.spanFrom(token.start), value: decoded.value };
  }
}

/** Whether a token can begin the operand of a cast. `&` can before a variable or map only: elsewhere it means "and". */
function beginsOperand(text: string, token: Token): boolean {
  if (token.kind === 'punctuation') {
    if (token.text === '&') return /[$@]/.test(text.charAt(readToken(text, token.end).start));
    return ['(', '-', '--', '!', '~', '*'].includes(token.text);
  }
  return token.kind !== 'end' && token.kind !== 'unknown';
}

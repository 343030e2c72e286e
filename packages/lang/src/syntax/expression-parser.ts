/** Expressions over primaries: postfix, unary, binary and ternary operators. */
import type { Expression, IncrementDecrement, MapReference, Unary, Variable } from './ast.ts';
import { invalidAddressOf, invalidIncrement } from '../diagnostics/messages/syntax.ts';
import { skipLayout } from './lexer.ts';
import { binaryPrecedence, type BinaryPrecedence } from './precedence.ts';
import { PrimaryParser } from './primary-parser.ts';

export abstract class ExpressionParser extends PrimaryParser {
  /** expression := binary ['?' [expression] ':' expression] */
  expression(): Expression {
    return this.nested(() => this.#ternary());
  }

  #ternary(): Expression {
    const condition = this.#binary(1);
    if (!this.accept('?')) return condition;
    const then = this.at(':') ? undefined : this.expression();
    this.expect(':');
    const otherwise = this.expression();
    const where = this.spanFrom(condition.span.start);
    return { kind: 'ternary', span: where, condition, then, otherwise };
  }

  /** binary := unary (operator binary-of-higher-precedence)* */
  #binary(minimum: number): Expression {
    let left = this.unary();
    for (;;) {
      const next = this.#binaryOperator();
      if (next === undefined || next.precedence < minimum) return left;
      const sign = this.advance();
      const operatorSpan = this.spanFrom(sign.start);
      const right = this.#binary(next.precedence + 1);
      left = {
        kind: 'binary',
        span: this.spanFrom(left.span.start),
        operator: next.operator,
        operatorSpan,
        left,
        right,
      };
    }
  }

  /** A `/` before a `{` closes a predicate. */
  #binaryOperator(): BinaryPrecedence | undefined {
    const { kind, text, end } = this.current;
    if (kind !== 'punctuation') return undefined;
    if (text === '/' && this.text.charAt(skipLayout(this.text, end)) === '{') return undefined;
    return binaryPrecedence(text);
  }

  /** unary := ('++' | '--' | '-' | '!' | '~' | '*') unary | '&' (variable | map-name) | postfix */
  unary(): Expression {
    const { text, start } = this.current;
    switch (text) {
      case '++':
      case '--': {
        this.advance();
        const target = this.nested(() => this.unary());
        if (!isCounter(target)) this.fail(invalidIncrement(target.span));
        const where = this.spanFrom(start);
        return { kind: 'increment', span: where, operator: text, prefix: true, target };
      }
      case '&':
        return this.#addressOf();
      case '-':
      case '!':
      case '~':
      case '*': {
        this.advance();
        const operand = this.nested(() => this.unary());
        return { kind: 'unary', span: this.spanFrom(start), operator: text, operand };
      }
      default:
        return this.#postfix();
    }
  }

  #addressOf(): Unary {
    const { start } = this.expect('&');
    const { kind } = this.current;
    if (kind !== 'variable' && kind !== 'map') this.fail(invalidAddressOf(this.faultSpan()));
    const operand = kind === 'map' ? this.mapName() : this.variable('variable');
    return { kind: 'unary', span: this.spanFrom(start), operator: '&', operand };
  }

  /** postfix := primary ('.' integer | ('.' | '->') name | '[' expression ']' | '++' | '--')* */
  #postfix(): Expression {
    let object = this.primary();
    for (;;) {
      const next = this.#postfixOperator(object);
      if (next === undefined) return object;
      object = next;
    }
  }

  #postfixOperator(object: Expression): Expression | undefined {
    const { text, start } = this.current;
    const from = object.span.start;
    switch (text) {
      case '.':
      case '->': {
        this.advance();
        const field = this.current;
        if (text === '.' && field.kind === 'integer') {
          const index = Number(this.integer('field name').value);
          return { kind: 'tuple-access', span: this.spanFrom(from), object, index };
        }
        this.expectIdentifier(`field name after '${text}'`);
        return {
          kind: 'field',
          span: this.spanFrom(from),
          object,
          field: field.text,
          fieldSpan: this.spanFrom(field.start),
          arrow: text === '->',
        };
      }
      case '[': {
        this.advance();
        const index = this.expression();
        this.expect(']');
        return { kind: 'index', span: this.spanFrom(from), object, index };
      }
      case '++':
      case '--': {
        // After an if or a block, the sign begins the next statement.
        if (object.kind === 'if' || object.kind === 'block-expression') return undefined;
        this.advance();
        if (!isCounter(object)) this.fail(invalidIncrement(this.spanFrom(start)));
        return this.#postIncrement(object, text);
      }
      default:
        return undefined;
    }
  }

  #postIncrement(target: Variable | MapReference, operator: '++' | '--'): IncrementDecrement {
    const where = this.spanFrom(target.span.start);
    return { kind: 'increment', span: where, operator, prefix: false, target };
  }
}

function isCounter(expression: Expression): expression is Variable | MapReference {
  return expression.kind === 'variable' || expression.kind === 'map';
}

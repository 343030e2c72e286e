/** Statements and blocks. */
import type {
  Assignment,
  Block,
  Discard,
  Expression,
  For,
  Jump,
  Let,
  MapReference,
  Range,
  Statement,
  StatementImport,
  Unroll,
  While,
} from './ast.ts';
import { immutableTarget, invalidTarget } from '../diagnostics/messages/syntax.ts';
import { asStatement, dropValue, yieldsValue } from './block-values.ts';
import { ExpressionParser } from './expression-parser.ts';
import { assignmentOperator } from './precedence.ts';

export class StatementParser extends ExpressionParser {
  /** block := '{' statement* [expression] '}' */
  block(): Block {
    return this.nested(() => this.#blockBody());
  }

  #blockBody(): Block {
    const { start } = this.expect('{');
    const statements: Statement[] = [];
    let value: Expression | undefined;
    while (!this.at('}') && !this.atEnd()) {
      const next = this.#statement();
      if (!isValue(next)) statements.push(next);
      else if (yieldsValue(next.value)) value = next.value;
      else statements.push(asStatement(next.value));
    }
    this.expect('}');
    return { kind: 'block', span: this.spanFrom(start), statements, value };
  }

  /** A block whose value nobody can see. */
  body(): Block {
    return dropValue(this.block());
  }

  /**
   * statement := import | while | unroll | for | jump | discard | let | assignment | expression ';'
   *            | if | block
   *
   * Gives the value of the block instead where a `}` follows an expression.
   */
  #statement(): Statement | BlockValue {
    switch (this.current.text) {
      case 'import':
        return this.#statementImport();
      case 'while':
      case 'unroll':
        return this.#loop(this.current.text);
      case 'for':
        return this.#forLoop();
      case 'break':
      case 'continue':
      case 'return':
        return this.#jumpStatement(this.current.text);
      case 'let':
        return this.#letStatement();
      case '_':
        if (this.following.text === '=') return this.#discard();
        break;
    }
    return this.#expressionOrAssignment();
  }

  #expressionOrAssignment(): Statement | BlockValue {
    const { start, kind } = this.current;
    const expression = this.expression();
    const sigil = kind === 'variable' || kind === 'map';
    if (sigil && this.current.kind === 'punctuation') {
      const assignment = this.#assignment(expression);
      if (assignment !== undefined) return assignment;
    }
    if (this.at('}')) return { value: expression };
    const complete = expression.kind === 'if' || expression.kind === 'block-expression';
    if (complete) this.accept(';');
    else this.expect(';');
    const statement = asStatement(expression);
    return complete ? statement : { ...statement, span: this.spanFrom(start) };
  }

  /** assignment := (variable | map) ('=' | '+=' | …) expression end */
  #assignment(target: Expression): Assignment | undefined {
    const operator = assignmentOperator(this.current.text);
    if (operator === undefined) return undefined;
    const assignable = target.kind === 'variable' || target.kind === 'map';
    const immutable = target.kind === 'tuple-access' || target.kind === 'field';
    if (!assignable && (operator !== '=' || (!immutable && target.kind !== 'index'))) {
      return undefined;
    }
    this.advance();
    const value = this.expression();
    const where = this.spanFrom(target.span.start);
    if (!assignable) this.fail(immutable ? immutableTarget(where) : invalidTarget(where));
    this.#statementEnd();
    return { kind: 'assignment', span: where, target, operator, value };
  }

  /** end := ';', which may be left out before '}' */
  #statementEnd(): void {
    if (!this.at('}')) this.expect(';');
  }

  /** import := 'import' string ';' */
  #statementImport(): StatementImport {
    const { start } = this.expect('import');
    const path = this.importPath();
    const where = this.spanFrom(start);
    if (!this.accept(';')) this.failExpected("';' after import");
    return { kind: 'statement-import', span: where, path };
  }

  importPath(): string {
    if (this.current.kind !== 'string') this.failExpected("string after 'import'");
    return this.string().value;
  }

  /** loop := ('while' | 'unroll') condition block */
  #loop(keyword: 'while' | 'unroll'): While | Unroll {
    const { start } = this.expect(keyword);
    const condition = this.condition();
    const body = this.body();
    const where = this.spanFrom(start);
    return keyword === 'while'
      ? { kind: 'while', span: where, condition, body }
      : { kind: 'unroll', span: where, count: condition, body };
  }

  /** for := 'for' ('(' header ')' | header) block, header := variable ':' (map-name | range) */
  #forLoop(): For {
    const { start } = this.expect('for');
    const parenthesised = this.accept('(');
    const variable = this.variable('variable in for loop');
    this.expect(':');
    const iterable = this.#iterable(start);
    if (parenthesised) this.expect(')');
    if (iterable === undefined) this.failExpected('map or range in for loop');
    const body = this.body();
    return { kind: 'for', span: this.spanFrom(start), variable, iterable, body };
  }

  /** range := primary '..' primary */
  #iterable(loopStart: number): MapReference | Range | undefined {
    const from = this.primary();
    if (this.accept('..')) {
      const to = this.primary();
      return { kind: 'range', span: this.spanFrom(loopStart), from, to };
    }
    return from.kind === 'map' && from.key === undefined ? from : undefined;
  }

  /** jump := ('break' | 'continue' | 'return' [expression]) end */
  #jumpStatement(jump: 'break' | 'continue' | 'return'): Jump {
    const { start } = this.expect(jump);
    const bare = jump !== 'return' || this.at(';') || this.at('}');
    const value = bare ? undefined : this.expression();
    this.#statementEnd();
    return { kind: 'jump', span: this.spanFrom(start), jump, value };
  }

  /** discard := '_' '=' expression end */
  #discard(): Discard {
    const { start } = this.expect('_');
    this.expect('=');
    const expression = this.expression();
    const where = this.spanFrom(start);
    this.#statementEnd();
    return { kind: 'discard', span: where, expression };
  }

  /** let := 'let' variable [':' type] ['=' expression] end */
  #letStatement(): Let {
    const { start } = this.expect('let');
    const variable = this.variable("variable after 'let'");
    const type = this.accept(':') ? this.typeName() : undefined;
    const value = this.accept('=') ? this.expression() : undefined;
    const where = this.spanFrom(start);
    this.#statementEnd();
    return { kind: 'let', span: where, variable, type, value };
  }
}

/** The last expression of a block, which is no statement. */
interface BlockValue {
  readonly value: Expression;
}

function isValue(next: Statement | BlockValue): next is BlockValue {
  return !('kind' in next);
}

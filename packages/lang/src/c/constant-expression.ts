/** Integer constant expressions of C: array lengths, enumerators, widths of bit fields and the conditions of `#if`. */
import type { Span } from '../source.ts';
import type { CToken } from './c-token.ts';
import { decodeCharacter, decodeNumber } from './c-literal.ts';
import type { CNumber } from './c-literal.ts';
import { TokenCursor } from './token-cursor.ts';

/** What the names in an expression stand for. */
export interface ConstantNames {
  /** The value of an enumerator. */
  readonly constant: (name: string) => bigint | undefined;
  /** If a type begins at the cursor, reads it and gives its size; else undefined, with nothing read. */
  readonly typeAt: (cursor: TokenCursor) => CastTarget | undefined;
}

export interface CastTarget {
  readonly size: number;
  readonly align: number;
  readonly signed: boolean;
}

const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [
    ['||'],
    ['&&'],
    ['|'],
    ['^'],
    ['&'],
    ['==', '!='],
    ['<', '>', '<=', '>='],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '%'],
  ].flatMap((operators, index) =>
    operators.map((operator): [string, number] => [operator, index + 1]),
  ),
);

/** @throws SyntaxFault for anything but a constant. */
export function evaluateConstant(
  tokens: readonly CToken[],
  at: Span,
  names: ConstantNames,
): bigint {
  const cursor = new TokenCursor(tokens, at);
  const { value } = new Evaluator(cursor, names).conditional();
  if (cursor.current !== undefined) cursor.fail('expected expression');
  return value;
}

class Evaluator {
  readonly #cursor: TokenCursor;
  readonly #names: ConstantNames;

  constructor(cursor: TokenCursor, names: ConstantNames) {
    this.#cursor = cursor;
    this.#names = names;
  }

  /** conditional := binary ['?' [conditional] ':' conditional] */
  conditional(): CNumber {
    const condition = this.#binary(1);
    if (!this.#cursor.accept('?')) return condition;
    const then = this.#cursor.at(':') ? condition : this.conditional();
    this.#cursor.expect(':');
    const otherwise = this.conditional();
    const chosen = condition.value === 0n ? otherwise : then;
    return convert(chosen.value, common(then, otherwise));
  }

  #binary(minimum: number): CNumber {
    let left = this.#unary();
    for (;;) {
      const operator = this.#cursor.current?.text ?? '';
      const precedence = PRECEDENCE.get(operator);
      if (precedence === undefined || precedence < minimum) return left;
      const { span } = this.#cursor.advance();
      left = this.#apply(operator, left, this.#binary(precedence + 1), span);
    }
  }

  #unary(): CNumber {
    const cursor = this.#cursor;
    const { text = '' } = cursor.current ?? {};
    switch (text) {
      case '+':
      case '-':
      case '~': {
        cursor.advance();
        const operand = promote(this.#unary());
        const { value } = operand;
        return convert(text === '-' ? -value : text === '~' ? ~value : value, operand);
      }
      case '!':
        cursor.advance();
        return truth(this.#unary().value === 0n);
      case '(':
        return this.#parenthesised();
      case 'sizeof':
      case '_Alignof':
      case '__alignof__':
        return this.#measure(text);
      default:
        return this.#literal();
    }
  }

  /** '(' (type ')' unary | conditional ')') */
  #parenthesised(): CNumber {
    this.#cursor.expect('(');
    const type = this.#names.typeAt(this.#cursor);
    if (type !== undefined) {
      this.#cursor.expect(')');
      const { value } = this.#unary();
      const exact = type.signed
        ? BigInt.asIntN(type.size * 8, value)
        : BigInt.asUintN(type.size * 8, value);
      return promote({ value: exact, bits: type.size * 8, signed: type.signed });
    }
    const inner = this.conditional();
    this.#cursor.expect(')');
    return inner;
  }

  #measure(operator: string): CNumber {
    this.#cursor.advance();
    this.#cursor.expect('(');
    const type = this.#names.typeAt(this.#cursor);
    if (type === undefined) this.#cursor.fail('expected a type');
    this.#cursor.expect(')');
    return {
      value: BigInt(operator === 'sizeof' ? type.size : type.align),
      bits: 64,
      signed: false,
    };
  }

  #literal(): CNumber {
    const cursor = this.#cursor;
    const { kind, text, span } = cursor.current ?? cursor.fail('expected expression');
    if (kind === 'number') {
      cursor.advance();
      return decodeNumber(text) ?? cursor.fail(`invalid integer constant '${text}'`, span);
    }
    if (kind === 'character') {
      cursor.advance();
      return { value: decodeCharacter(text), bits: 32, signed: true };
    }
    if (kind !== 'identifier') cursor.fail('expected expression');
    const value =
      this.#names.constant(text) ?? cursor.fail(`use of undeclared identifier '${text}'`);
    cursor.advance();
    const fits = BigInt.asIntN(32, value) === value;
    return { value, bits: fits ? 32 : 64, signed: fits || value < 2n ** 63n };
  }

  #apply(operator: string, a: CNumber, b: CNumber, span: Span): CNumber {
    const type = operator === '<<' || operator === '>>' ? promote(a) : common(a, b);
    const [left, right] = [convert(a.value, type).value, convert(b.value, type).value];
    const make = (value: bigint): CNumber => convert(value, type);
    switch (operator) {
      case '||':
        return truth(a.value !== 0n || b.value !== 0n);
      case '&&':
        return truth(a.value !== 0n && b.value !== 0n);
      case '|':
        return make(left | right);
      case '^':
        return make(left ^ right);
      case '&':
        return make(left & right);
      case '==':
        return truth(left === right);
      case '!=':
        return truth(left !== right);
      case '<':
        return truth(left < right);
      case '>':
        return truth(left > right);
      case '<=':
        return truth(left <= right);
      case '>=':
        return truth(left >= right);
      case '<<':
        return make(left << BigInt.asUintN(6, b.value));
      case '>>':
        return make(left >> BigInt.asUintN(6, b.value));
      case '+':
        return make(left + right);
      case '-':
        return make(left - right);
      case '*':
        return make(left * right);
      default:
        if (right === 0n) return this.#cursor.fail('division by zero', span);
        return make(operator === '/' ? left / right : left % right);
    }
  }
}

type IntegerShape = Pick<CNumber, 'bits' | 'signed'>;

function convert(value: bigint, { bits, signed }: IntegerShape): CNumber {
  return { value: signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value), bits, signed };
}

/** Anything smaller than an int is an int. */
function promote(number: CNumber): CNumber {
  return number.bits < 32 ? { ...number, bits: 32, signed: true } : number;
}

function common(a: CNumber, b: CNumber): IntegerShape {
  const [left, right] = [promote(a), promote(b)];
  const bits = Math.max(left.bits, right.bits);
  const wide = [left, right].filter((operand) => operand.bits === bits);
  return { bits, signed: wide.every(({ signed }) => signed) };
}

function truth(holds: boolean): CNumber {
  return { value: holds ? 1n : 0n, bits: 32, signed: true };
}

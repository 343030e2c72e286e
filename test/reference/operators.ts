/** Operators of the language on exact values, written from its description and not from the compiler. */
import { asInteger, boolean, integer, isTrue, type RefInteger, type RefValue } from './value.ts';

/** Of 64 bits always; a difference is signed, the rest is if an operand is. */
export function arithmetic(operator: string, left: RefInteger, right: RefInteger): RefInteger {
  const signed = resultSigned(operator, left, right);
  const of = (operand: RefInteger): bigint => integer(operand.value, 64, signed).value;
  switch (operator) {
    case '+':
      return integer(left.value + right.value, 64, signed);
    case '-':
      return integer(left.value - right.value, 64, true);
    case '*':
      return integer(left.value * right.value, 64, signed);
    case '&':
      return integer(left.value & right.value, 64, signed);
    case '|':
      return integer(left.value | right.value, 64, signed);
    case '^':
      return integer(left.value ^ right.value, 64, signed);
    case '<<':
      return integer(left.value << (right.value & 63n), 64, signed);
    case '>>':
      return integer(BigInt.asUintN(64, left.value) >> (right.value & 63n), 64, signed);
    case '/':
      return integer(of(right) === 0n ? 1n : of(left) / of(right), 64, signed);
    case '%':
      return integer(of(right) === 0n ? 1n : of(left) % of(right), 64, signed);
    default:
      throw new Error(`no arithmetic: ${operator}`);
  }
}

function resultSigned(operator: string, left: RefInteger, right: RefInteger): boolean {
  return operator === '-' || meetingSigned(left, right);
}

/** Whether two integers meet as signed ones. */
export function meetingSigned(left: RefInteger, right: RefInteger): boolean {
  if (left.literal !== right.literal) return left.literal ? right.signed : left.signed;
  return left.signed || right.signed;
}

/** Both in the type that holds both, where there is one, and in int64 where there is none. */
export function promoted(left: RefInteger, right: RefInteger): [RefInteger, RefInteger] {
  const larger = Math.max(left.bits, right.bits);
  const signed = meetingSigned(left, right);
  const bits = bitsOfBoth(left, right, larger);
  return [integer(left.value, bits, signed), integer(right.value, bits, signed)];
}

function bitsOfBoth(left: RefInteger, right: RefInteger, larger: number): number {
  if (left.signed === right.signed || left.literal || right.literal) return larger;
  const [signed, unsigned] = left.signed ? [left, right] : [right, left];
  return signed.bits > unsigned.bits ? signed.bits : Math.min(64, larger * 2);
}

export function compare(operator: string, left: RefValue, right: RefValue): RefValue {
  if (operator === '==') return boolean(equal(left, right));
  if (operator === '!=') return boolean(!equal(left, right));
  const signed = meetingSigned(asInteger(left), asInteger(right));
  const a = integer(asInteger(left).value, 64, signed).value;
  const b = integer(asInteger(right).value, 64, signed).value;
  switch (operator) {
    case '<':
      return boolean(a < b);
    case '<=':
      return boolean(a <= b);
    case '>':
      return boolean(a > b);
    case '>=':
      return boolean(a >= b);
    default:
      throw new Error(`no comparison: ${operator}`);
  }
}

function equal(left: RefValue, right: RefValue): boolean {
  if (left.kind === 'tuple' && right.kind === 'tuple') {
    return left.elements.every((element, index) => {
      const other = right.elements[index];
      return other !== undefined && equal(element, other);
    });
  }
  if (left.kind === 'integer' && right.kind === 'integer') {
    const signed = meetingSigned(left, right);
    return integer(left.value, 64, signed).value === integer(right.value, 64, signed).value;
  }
  if ('value' in left && 'value' in right) return left.value === right.value;
  throw new Error(`a ${left.kind} meets a ${right.kind}`);
}

export function unary(operator: string, operand: RefValue): RefValue {
  if (operator === '!') return boolean(!isTrue(operand));
  const { value, signed } = asInteger(operand);
  if (operator === '-') return integer(-value, 64, true);
  return integer(~value, 64, signed);
}

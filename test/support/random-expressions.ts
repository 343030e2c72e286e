/** Random arithmetic: as text of the language, and what it must give. */
import fc from 'fast-check';

/** An expression of 64 bits or fewer; `value` is in the range of its type. */
export interface Arithmetic {
  readonly text: string;
  readonly value: bigint;
  readonly signed: boolean;
}

export interface NamedValue {
  readonly name: string;
  readonly type: 'int64' | 'uint64';
  readonly value: bigint;
}

const interesting = [
  0n,
  1n,
  2n,
  3n,
  7n,
  8n,
  63n,
  64n,
  255n,
  256n,
  65535n,
  2n ** 31n,
  2n ** 32n - 1n,
];

/** Values for variables; the smallest int64 has no literal. */
export function signedValue(): fc.Arbitrary<bigint> {
  return fc.oneof(
    fc.constantFrom(...interesting, ...interesting.map((value) => -value), 2n ** 63n - 1n),
    fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }),
  );
}

export function unsignedValue(): fc.Arbitrary<bigint> {
  return fc.oneof(
    fc.constantFrom(...interesting, 2n ** 64n - 1n, 2n ** 63n),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  );
}

export function arithmetic(variables: readonly NamedValue[]): fc.Arbitrary<Arithmetic> {
  const leaf = fc.constantFrom(...variables).map(({ name, type, value }): Arithmetic => ({
    text: `$${name}`,
    value,
    signed: type === 'int64',
  }));
  const { tree } = fc.letrec<{ tree: Arithmetic }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc
        .tuple(fc.constantFrom(...Object.keys(operators)), tie('tree'), tie('tree'))
        .map(([operator, left, right]) => combine(operator, left, right)),
      fc
        .tuple(fc.constantFrom('-', '~'), tie('tree'))
        .map(([sign, operand]) =>
          sign === '-'
            ? of(`(-${operand.text})`, -operand.value, true)
            : of(`(~${operand.text})`, ~operand.value, operand.signed),
        ),
      fc
        .tuple(fc.constantFrom(8, 16, 32), fc.boolean(), tie('tree'))
        .map(([bits, signed, operand]): Arithmetic => ({
          text: `((${signed ? '' : 'u'}int${bits})${operand.text})`,
          value: signed ? BigInt.asIntN(bits, operand.value) : BigInt.asUintN(bits, operand.value),
          signed,
        })),
      fc
        .tuple(fc.constantFrom(...Object.keys(comparisons)), tie('tree'), tie('tree'), leaf, leaf)
        .map(([operator, left, right, then, otherwise]) => {
          const holds = compare(operator, left, right);
          const chosen = holds ? then : otherwise;
          const signed = then.signed || otherwise.signed;
          const text = `(${left.text} ${operator} ${right.text} ? (int64)${then.text} : (int64)${otherwise.text})`;
          return of(text, chosen.value, signed || true);
        }),
    ),
  }));
  return tree;
}

function of(text: string, value: bigint, signed: boolean): Arithmetic {
  return { text, signed, value: signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value) };
}

const operators: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << (b & 63n),
  '>>': (a, b) => BigInt.asUintN(64, a) >> (b & 63n),
  '/': (a, b) => (b === 0n ? 1n : a / b),
  '%': (a, b) => (b === 0n ? 1n : a % b),
};

const comparisons: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Signed if an operand is; shifts follow their left side, differences are signed. */
function combine(operator: string, left: Arithmetic, right: Arithmetic): Arithmetic {
  const shifts = operator === '<<' || operator === '>>';
  const signed = operator === '-' || left.signed || (!shifts && right.signed);
  const divides = operator === '/' || operator === '%';
  const cast = (value: bigint): bigint =>
    divides && signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  const compute = operators[operator];
  const value = compute === undefined ? 0n : compute(cast(left.value), cast(right.value));
  return of(`(${left.text} ${operator} ${right.text})`, value, signed);
}

function compare(operator: string, left: Arithmetic, right: Arithmetic): boolean {
  const signed = left.signed || right.signed;
  const cast = (value: bigint): bigint =>
    signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return comparisons[operator]?.(cast(left.value), cast(right.value)) ?? false;
}

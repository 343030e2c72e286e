/** Values of the reference interpreter: exact, each with the type that the language gives it. */

export type RefType =
  | { readonly kind: 'integer'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'string' }
  | { readonly kind: 'tuple'; readonly elements: readonly RefType[] };

/** `literal`: an integer written as such, whose sign gives way to that of what it meets. */
export type RefValue =
  | {
      readonly kind: 'integer';
      readonly bits: number;
      readonly signed: boolean;
      readonly value: bigint;
      readonly literal: boolean;
    }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly elements: readonly RefInteger[] }
  | {
      readonly kind: 'tuple';
      readonly names: readonly string[];
      readonly elements: readonly RefValue[];
    };

export type RefInteger = Extract<RefValue, { kind: 'integer' }>;

/** The number that so many bits hold of a value. */
export function integer(value: bigint, bits: number, signed: boolean): RefInteger {
  const kept = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return { kind: 'integer', bits, signed, value: kept, literal: false };
}

/** Typed by the smallest signed integer that holds it, or uint64. */
export function literal(value: bigint): RefInteger {
  const bits = [8, 16, 32, 64].find((width) => BigInt.asIntN(width, value) === value);
  const type = bits === undefined ? integer(value, 64, false) : integer(value, bits, true);
  return { ...type, literal: value >= 0n && bits !== undefined };
}

/** The bytes of a number, as so many numbers of so many bits. */
export function arrayOf(value: bigint, count: number, bits: number, signed: boolean): RefValue {
  const elements = Array.from({ length: count }, (_, index) =>
    integer(value >> BigInt(index * bits), bits, signed),
  );
  return { kind: 'array', elements };
}

export function boolean(value: boolean): RefValue {
  return { kind: 'boolean', value };
}

/** What a condition makes of a value. */
export function isTrue(value: RefValue): boolean {
  switch (value.kind) {
    case 'integer':
      return value.value !== 0n;
    case 'boolean':
      return value.value;
    case 'string':
    case 'array':
    case 'tuple':
      throw new Error(`a ${value.kind} is no condition`);
  }
}

export function asInteger(value: RefValue): RefInteger {
  if (value.kind === 'integer') return value;
  throw new Error(`a ${value.kind} is no integer`);
}

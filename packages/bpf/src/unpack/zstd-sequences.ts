/** The tables of zstd's sequences, which say how many literals to take and what to repeat (RFC 8878, 3.1.1.3.2). */
import { fseTable, type FseTable } from './fse.ts';

export interface SequenceCode {
  readonly maxLog: number;
  readonly maxSymbol: number;
  readonly standard: FseTable;
}

/** By code: the lowest value, and how many bits follow that are added to it. */
export interface CodeValues {
  readonly bases: readonly number[];
  readonly bits: readonly number[];
}

function repeated(value: number, count: number): number[] {
  return Array.from({ length: count }, () => value);
}

function valuesOf(first: number, bits: readonly number[]): CodeValues {
  const bases: number[] = [];
  let base = first;
  for (const width of bits) {
    bases.push(base);
    base += 2 ** width;
  }
  return { bases, bits };
}

export const literalLengthValues: CodeValues = valuesOf(0, [
  ...repeated(0, 16),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);

export const matchLengthValues: CodeValues = valuesOf(3, [
  ...repeated(0, 32),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);

export const literalLengthCode: SequenceCode = {
  maxLog: 9,
  maxSymbol: 35,
  standard: fseTable(
    [
      ...[4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1],
      ...[2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
    ],
    6,
  ),
};

export const offsetCode: SequenceCode = {
  maxLog: 8,
  maxSymbol: 31,
  standard: fseTable([1, 1, 1, 1, 1, 1, 2, 2, 2, 1, ...repeated(1, 14), ...repeated(-1, 5)], 5),
};

export const matchLengthCode: SequenceCode = {
  maxLog: 9,
  maxSymbol: 52,
  standard: fseTable([1, 4, 3, 2, 2, 2, 2, 2, 2, ...repeated(1, 37), ...repeated(-1, 7)], 6),
};

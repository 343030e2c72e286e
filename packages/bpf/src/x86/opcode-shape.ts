/**
 * What follows an opcode of x86-64: whether a ModRM byte, and how long an immediate.
 *
 * Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, appendix A.
 */

export type Immediate =
  | 0
  | 1
  | 2
  | 3
  | 4
  /** Four bytes, or two with the operand-size prefix. */
  | 'operand'
  /** As `operand`, or eight with REX.W. */
  | 'full'
  /** An address: eight bytes, or four with the address-size prefix. */
  | 'address'
  /** Of the test instructions among F6 and F7: a byte, or as `operand`. */
  | 'test-byte'
  | 'test-operand';

export interface OpcodeShape {
  readonly modRm: boolean;
  readonly immediate: Immediate;
}

/** Ranges of opcodes, both ends included, and what follows: `m` for ModRM, then the immediate. Others do not exist. */
type Rows = readonly (readonly [
  first: number,
  last: number,
  modRm: boolean,
  immediate: Immediate,
])[];

function table(rows: Rows): readonly (OpcodeShape | undefined)[] {
  const shapes: (OpcodeShape | undefined)[] = Array.from({ length: 256 });
  for (const [first, last, modRm, immediate] of rows) {
    for (let opcode = first; opcode <= last; opcode++) shapes[opcode] = { modRm, immediate };
  }
  return shapes;
}

const arithmetic: Rows = [0x00, 0x08, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38].flatMap((base): Rows => [
  [base, base + 3, true, 0],
  [base + 4, base + 4, false, 1],
  [base + 5, base + 5, false, 'operand'],
]);

/** Opcodes of one byte. */
export const primary: readonly (OpcodeShape | undefined)[] = table([
  ...arithmetic,
  [0x50, 0x5f, false, 0],
  [0x63, 0x63, true, 0],
  [0x68, 0x68, false, 'operand'],
  [0x69, 0x69, true, 'operand'],
  [0x6a, 0x6a, false, 1],
  [0x6b, 0x6b, true, 1],
  [0x6c, 0x6f, false, 0],
  [0x70, 0x7f, false, 1],
  [0x80, 0x80, true, 1],
  [0x81, 0x81, true, 'operand'],
  [0x83, 0x83, true, 1],
  [0x84, 0x8f, true, 0],
  [0x90, 0x99, false, 0],
  [0x9b, 0x9f, false, 0],
  [0xa0, 0xa3, false, 'address'],
  [0xa4, 0xa7, false, 0],
  [0xa8, 0xa8, false, 1],
  [0xa9, 0xa9, false, 'operand'],
  [0xaa, 0xaf, false, 0],
  [0xb0, 0xb7, false, 1],
  [0xb8, 0xbf, false, 'full'],
  [0xc0, 0xc1, true, 1],
  [0xc2, 0xc2, false, 2],
  [0xc3, 0xc3, false, 0],
  [0xc6, 0xc6, true, 1],
  [0xc7, 0xc7, true, 'operand'],
  [0xc8, 0xc8, false, 3],
  [0xc9, 0xc9, false, 0],
  [0xca, 0xca, false, 2],
  [0xcb, 0xcc, false, 0],
  [0xcd, 0xcd, false, 1],
  [0xcf, 0xcf, false, 0],
  [0xd0, 0xd3, true, 0],
  [0xd7, 0xd7, false, 0],
  [0xd8, 0xdf, true, 0],
  [0xe0, 0xe7, false, 1],
  [0xe8, 0xe9, false, 4],
  [0xeb, 0xeb, false, 1],
  [0xec, 0xef, false, 0],
  [0xf1, 0xf1, false, 0],
  [0xf4, 0xf5, false, 0],
  [0xf6, 0xf6, true, 'test-byte'],
  [0xf7, 0xf7, true, 'test-operand'],
  [0xf8, 0xfd, false, 0],
  [0xfe, 0xff, true, 0],
]);

/** Opcodes behind 0F, also as VEX and EVEX prefixes mean them. */
export const secondary: readonly (OpcodeShape | undefined)[] = table([
  [0x00, 0x03, true, 0],
  [0x05, 0x09, false, 0],
  [0x0b, 0x0b, false, 0],
  [0x0d, 0x0d, true, 0],
  [0x0e, 0x0e, false, 0],
  [0x0f, 0x0f, true, 1],
  [0x10, 0x23, true, 0],
  [0x28, 0x2f, true, 0],
  [0x30, 0x35, false, 0],
  [0x37, 0x37, false, 0],
  [0x40, 0x6f, true, 0],
  [0x70, 0x73, true, 1],
  [0x74, 0x76, true, 0],
  [0x77, 0x77, false, 0],
  [0x78, 0x7f, true, 0],
  [0x80, 0x8f, false, 4],
  [0x90, 0x9f, true, 0],
  [0xa0, 0xa2, false, 0],
  [0xa3, 0xa3, true, 0],
  [0xa4, 0xa4, true, 1],
  [0xa5, 0xa5, true, 0],
  [0xa8, 0xaa, false, 0],
  [0xab, 0xab, true, 0],
  [0xac, 0xac, true, 1],
  [0xad, 0xb9, true, 0],
  [0xba, 0xba, true, 1],
  [0xbb, 0xc1, true, 0],
  [0xc2, 0xc2, true, 1],
  [0xc3, 0xc3, true, 0],
  [0xc4, 0xc6, true, 1],
  [0xc7, 0xc7, true, 0],
  [0xc8, 0xcf, false, 0],
  [0xd0, 0xff, true, 0],
]);

/**
 * USDT argument specs such as `-4@%edi 8@-24(%rbp) -4@$5`: a size, negative for signed values, and an operand in the
 * assembler of the machine.
 */
import type { ElfArchitecture } from './elf.ts';
import { ElfError } from './elf-error.ts';
import { parseArm64Operand } from './usdt-operand-arm64.ts';
import { parseX86Operand } from './usdt-operand-x86.ts';
import type { UsdtOperand } from './usdt-operand.ts';

export type UsdtArg = UsdtOperand & {
  readonly sizeBytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
};

/**
 * The arguments of a probe in order.
 * @throws ElfError for an operand that is not understood, naming it.
 */
export function parseUsdtArgs(spec: string, architecture: ElfArchitecture): UsdtArg[] {
  return usdtArgTexts(spec).map((text) => parseUsdtArg(text, architecture));
}

/** The arguments of a probe in order, each as it is written. */
export function usdtArgTexts(spec: string): readonly string[] {
  const trimmed = spec.trim();
  // Operands of arm64 contain blanks, so a blank ends an argument only ahead of the next size.
  return trimmed === '' ? [] : trimmed.split(/\s+(?=-?\d+f?@)/);
}

/** @throws ElfError for an operand that is not understood, naming it. */
export function parseUsdtArg(text: string, architecture: ElfArchitecture): UsdtArg {
  const match = /^(-?)([1248])@(.+)$/.exec(text);
  if (match === null)
    throw new ElfError(`usdt argument '${text}': not a size of 1, 2, 4 or 8 bytes`);
  const [, sign, size, operandText] = match;
  const parse = architecture === 'x86_64' ? parseX86Operand : parseArm64Operand;
  const operand = parse((operandText ?? '').trim());
  if (operand === undefined) throw new ElfError(`usdt argument '${text}': operand not understood`);
  return { ...operand, sizeBytes: Number(size) as UsdtArg['sizeBytes'], signed: sign === '-' };
}

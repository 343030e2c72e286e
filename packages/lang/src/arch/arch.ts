/** What the compiler knows of a processor: where `struct pt_regs` keeps what. */
import type { Target } from '../target.ts';
import { ARM64 } from './arm64.ts';
import { X86_64 } from './x86-64.ts';

export interface Arch {
  /** Offsets in `struct pt_regs`, by the register's name there. */
  readonly registers: Readonly<Record<string, number>>;
  /** Registers of the first integer arguments. */
  readonly arguments: readonly string[];
  readonly result: string;
  readonly instructionPointer: string;
  readonly stackPointer: string;
  /** User mode where these bits of this register have this value. */
  readonly userMode: {
    readonly register: string;
    readonly mask: bigint;
    readonly value: bigint;
  };
}

export function archOf({ arch }: Pick<Target, 'arch'>): Arch {
  return arch === 'x86_64' ? X86_64 : ARM64;
}

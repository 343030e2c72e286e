/** Small programs that try what a kernel knows. */
import { assemble } from '../asm/assemble.ts';
import { mov } from '../asm/build-alu.ts';
import { exit } from '../asm/build-jump.ts';
import type { Instruction } from '../asm/instruction.ts';
import { R0 } from '../asm/register.ts';
import type { ProgramType } from '../asm/spec.ts';
import { PROGRAM_TYPES } from '../program/program-types.ts';
import { progLoad } from '../sys/bpf.ts';
import type { ProgLoadAttr } from '../sys/bpf-attr.ts';
import type { Fd } from '../sys/fd.ts';
import type { KernelCalls } from '../sys/kernel-calls.ts';

export const RETURN_ZERO: readonly Instruction[] = [mov.imm(R0, 0), exit()];

export interface ProbeProgram extends Pick<ProgLoadAttr, 'expectedAttachType' | 'attachBtfId'> {
  readonly type: ProgramType;
  /** Returns 0 unless given. */
  readonly instructions?: readonly Instruction[];
  /** Of the only map it uses. */
  readonly mapFd?: number;
}

/** The caller closes it. */
export function loadProbe(calls: KernelCalls, program: ProbeProgram): Fd {
  const { type, instructions = RETURN_ZERO, mapFd = 0, ...rest } = program;
  const { bytes } = assemble(instructions, { mapFd: () => mapFd });
  const common = { name: 'bpfleet_probe', license: 'GPL', instructions: bytes };
  return progLoad(calls, { ...common, programType: PROGRAM_TYPES[type], ...rest });
}

/** Whether a program is within the kernel's limits, and what is said where it is not. */
import {
  BPF_JMP,
  BPF_JMP32,
  CALL,
  classOf,
  JUMP,
  JUMP_LONG,
  type Instruction,
  type SourceLine,
} from '@bpfleet/bpf/asm';
import type { CheckedProbe } from '../analysis/checked-program.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { stackExceeded, tooManyFunctions, tooManyMaps } from '../diagnostics/messages/limits.ts';
import type { Span } from '../source.ts';
import type { WholeProgram } from './emit-program.ts';
import { FRAME_BYTES } from './stack-frame.ts';
import { statementAt } from './statement-at.ts';

/** https://github.com/torvalds/linux/blob/v6.12/include/linux/bpf_verifier.h */
const MAX_USED_MAPS = 64;
/** `BPF_MAX_SUBPROGS` there, with the main program. */
const MAX_FUNCTIONS = 256;
/** Half of `BPF_COMPLEXITY_LIMIT_JMP_SEQ` in kernel/bpf/verifier.c: branches that the verifier keeps to come back to. */
const COMFORTABLE_BRANCHES = 4096;
/** The verifier takes longer for a long program than for two of half the length. */
const COMFORTABLE_LENGTH = 60_000;

const UNCONDITIONAL: ReadonlySet<number> = new Set([JUMP, JUMP_LONG, CALL]);

export interface Measured {
  readonly stack: boolean;
  /** See `Excess`. */
  readonly share: number;
  readonly fault: Diagnostic | undefined;
}

export function measure(probe: CheckedProbe, whole: WholeProgram): Measured {
  const { instructions, frameBytes, functionPlaces, mainLength } = whole;
  const maps = usedMaps(instructions);
  const branches = instructions.slice(0, mainLength).filter(isConditional).length;
  const stack = frameBytes > FRAME_BYTES;
  const share = Math.max(
    maps.size / MAX_USED_MAPS,
    functionPlaces.length / MAX_FUNCTIONS,
    branches / COMFORTABLE_BRANCHES,
    instructions.length / COMFORTABLE_LENGTH,
  );
  return { stack, share, fault: faultOf(probe, whole, maps) };
}

function faultOf(
  probe: CheckedProbe,
  { frameBytes, functionPlaces, deepest }: WholeProgram,
  maps: ReadonlyMap<string, Instruction>,
): Diagnostic | undefined {
  const { name, body } = probe;
  const at = (line: SourceLine | undefined): Span => statementAt(body, line) ?? body.span;
  if (functionPlaces.length > MAX_FUNCTIONS) {
    const place = at(functionPlaces[MAX_FUNCTIONS]);
    return tooManyFunctions(place, name, functionPlaces.length, MAX_FUNCTIONS);
  }
  if (frameBytes > FRAME_BYTES) return stackExceeded(at(deepest), name, frameBytes, FRAME_BYTES);
  if (maps.size > MAX_USED_MAPS) {
    const place = at([...maps.values()][MAX_USED_MAPS]?.source);
    return tooManyMaps(place, name, maps.size, MAX_USED_MAPS);
  }
  return undefined;
}

/** By name, where each is used first. */
function usedMaps(instructions: readonly Instruction[]): ReadonlyMap<string, Instruction> {
  const used = new Map<string, Instruction>();
  for (const instruction of instructions) {
    const { map } = instruction;
    if (map !== undefined && !used.has(map)) used.set(map, instruction);
  }
  return used;
}

function isConditional({ opcode, target }: Instruction): boolean {
  const jumps = classOf(opcode) === BPF_JMP || classOf(opcode) === BPF_JMP32;
  return jumps && target !== undefined && !UNCONDITIONAL.has(opcode);
}

/** One program of the one for the entry of functions and the one for their return: it asks the kernel where it is. */
import {
  and,
  callKfunc,
  ja,
  jeq,
  labelled,
  mov,
  R0,
  R1,
  R6,
  sourced,
  type Instruction,
} from '@bpfleet/bpf/asm';
import type { WholeProgram } from './emit-program.ts';

const ENTRY = 'at_entry';
const RETURN = 'at_return';

/** Both are whole programs that begin with the context in r1, and name their own labels without regard to each other. */
export function joinHalves(entry: WholeProgram, back: WholeProgram): WholeProgram {
  const [first, second] = [apart(entry, ENTRY), apart(back, RETURN)];
  const source = entry.instructions[0]?.source;
  const start = [
    mov.reg(R6, R1),
    callKfunc('bpf_session_is_return'),
    mov.reg(R1, R6),
    // A C bool: only its low byte is said to mean something.
    and.imm(R0, 0xff),
    jeq.imm(R0, 0, ENTRY),
    ja(RETURN),
  ].map((instruction) => (source === undefined ? instruction : sourced(source, instruction)));
  const instructions = [
    ...start,
    labelled(ENTRY, mov.reg(R6, R1)),
    ...first.slice(0, entry.mainLength),
    labelled(RETURN, mov.reg(R6, R1)),
    ...second.slice(0, back.mainLength),
    ...first.slice(entry.mainLength),
    ...second.slice(back.mainLength),
  ];
  return {
    instructions,
    mainLength:
      instructions.length - (first.length - entry.mainLength) - (second.length - back.mainLength),
    frameBytes: Math.max(entry.frameBytes, back.frameBytes),
    functionPlaces: [...entry.functionPlaces, ...back.functionPlaces.slice(1)],
    deepest: entry.deepest ?? back.deepest,
  };
}

function apart({ instructions }: WholeProgram, prefix: string): readonly Instruction[] {
  return instructions.map((instruction) => {
    const { label, target } = instruction;
    return {
      ...instruction,
      ...(label === undefined ? {} : { label: `${prefix}_${label}` }),
      ...(target === undefined ? {} : { target: `${prefix}_${target}` }),
    };
  });
}

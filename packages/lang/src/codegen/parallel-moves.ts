/** Orders copies between registers that happen at once, as when arguments are put in place. */
import { mov, R0, type Instruction, type Register } from '@bpfleet/bpf/asm';

export interface Move {
  readonly to: Register;
  readonly from: Register;
}

/** Cycles go through r0, which no argument may be meant for. */
export function parallelMoves(moves: readonly Move[]): Instruction[] {
  let pending = moves.filter(({ to, from }) => to !== from);
  const result: Instruction[] = [];
  while (pending.length > 0) {
    const ready = pending.find(({ to }) => !pending.some(({ from }) => from === to));
    const next = ready ?? pending[0];
    if (next === undefined) break;
    if (ready === undefined) {
      // Every target is still needed: save one, and let its readers take it from r0.
      result.push(mov.reg(R0, next.to));
      pending = pending.map((move) => (move.from === next.to ? { ...move, from: R0 } : move));
    }
    result.push(mov.reg(next.to, next.from));
    pending = pending.filter((move) => move !== next);
  }
  return result;
}

/**
 * Basic blocks of a program, without those that nothing reaches: the verifier refuses dead code. Jumps to jumps go where
 * these lead.
 */
import { invariant } from '@bpfleet/bpf/asm';
import type { IrInstruction, IrFunction } from './ir.ts';

export interface Block {
  readonly instructions: readonly IrInstruction[];
  /** Indices of the blocks that may run next. */
  readonly successors: readonly number[];
}

/** The blocks that can be reached, in program order. */
export function controlFlow(program: IrFunction): Block[] {
  const chunks = threadJumps(split(program.instructions));
  const byLabel = new Map<string, number>();
  chunks.forEach((chunk, index) => {
    for (const { operation } of chunk) {
      if (operation.kind === 'label') byLabel.set(operation.name, index);
    }
  });
  const successors = chunks.map((chunk, index) => successorsOf(chunk, index, byLabel));
  const order = reachable(successors);
  const renumbered = new Map(order.map((old, index) => [old, index]));
  return order.map((old) => ({
    instructions: chunks[old] ?? [],
    successors: (successors[old] ?? []).map((successor) => renumbered.get(successor) ?? 0),
  }));
}

/** A label begins a block; a jump, branch or return ends one. */
function split(instructions: readonly IrInstruction[]): IrInstruction[][] {
  const chunks: IrInstruction[][] = [];
  let current: IrInstruction[] = [];
  const finish = (): void => {
    if (current.length > 0) chunks.push(current);
    current = [];
  };
  for (const instruction of instructions) {
    const { kind } = instruction.operation;
    if (kind === 'label' && current.some(({ operation }) => operation.kind !== 'label')) finish();
    current.push(instruction);
    if (kind === 'jump' || kind === 'branch' || kind === 'return') finish();
  }
  finish();
  return chunks;
}

function threadJumps(chunks: readonly IrInstruction[][]): IrInstruction[][] {
  const onward = new Map<string, string>();
  for (const chunk of chunks) {
    const operations = chunk
      .map(({ operation }) => operation)
      .filter(({ kind }) => kind !== 'label');
    const [only] = operations;
    if (operations.length !== 1 || only?.kind !== 'jump') continue;
    for (const { operation } of chunk) {
      if (operation.kind === 'label') onward.set(operation.name, only.target);
    }
  }
  return chunks.map((chunk) =>
    chunk.map(({ operation, source }) =>
      operation.kind === 'jump' || operation.kind === 'branch'
        ? { operation: { ...operation, target: end(operation.target, onward) }, source }
        : { operation, source },
    ),
  );
}

/** Where jumps from one jump to the next end; a loop of jumps alone is left as it is. */
function end(target: string, onward: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let last = target;
  for (
    let next = onward.get(last);
    next !== undefined && !seen.has(last);
    next = onward.get(last)
  ) {
    seen.add(last);
    last = next;
  }
  return last;
}

function successorsOf(
  chunk: readonly IrInstruction[],
  index: number,
  byLabel: ReadonlyMap<string, number>,
): number[] {
  const last = chunk.at(-1)?.operation;
  const blockOf = (label: string): number => {
    const found = byLabel.get(label);
    invariant(found !== undefined, `control flow: label ${label} is not defined`);
    return found;
  };
  if (last?.kind === 'return') return [];
  if (last?.kind === 'jump') return [blockOf(last.target)];
  if (last?.kind === 'branch') return [index + 1, blockOf(last.target)];
  return [index + 1];
}

function reachable(successors: readonly (readonly number[])[]): number[] {
  const seen = new Set<number>();
  const pending = [0];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (seen.has(block)) continue;
    invariant(block < successors.length, 'control flow: the program runs past its end');
    seen.add(block);
    pending.push(...(successors[block] ?? []));
  }
  return [...seen].sort((a, b) => a - b);
}

/** Which loops run as a callback of the kernel's, and how deep calls nest: that costs stack. */
import type { CheckedProgram } from '../analysis/checked-program.ts';
import type { AnyNode, Block, For } from '../syntax/ast.ts';
import { children } from '../syntax/visit.ts';
import type { TargetFeatures } from '../target.ts';

/** `BPF_MAX_LOOPS` of the kernel: more turns than this `bpf_loop` refuses. */
export const MAX_LOOP_TURNS: bigint = 1n << 23n;

/** So few turns the verifier follows one by one. */
const MAX_PLAIN_TURNS = 32n;

/** Calls that look through text byte by byte. */
const SEARCHES: ReadonlySet<string> = new Set(['strstr', 'strcontains']);

/** `bpf_loop` is there since Linux 5.17; without it a range is a plain loop, which the verifier follows turn by turn. */
export function isCallbackLoop({ iterable }: For, features: TargetFeatures): boolean {
  if (iterable.kind === 'map') return true;
  if (!features.bpfLoop) return false;
  const { from, to } = iterable;
  if (from.kind !== 'integer' || to.kind !== 'integer') return true;
  return to.value - from.value > MAX_PLAIN_TURNS;
}

/** The longest chain of callbacks and functions that call each other. */
export function callDepth({ functions, target }: CheckedProgram, body: Block): number {
  const depth = (node: AnyNode): number => {
    const below = children(node).reduce((most, child) => Math.max(most, depth(child)), 0);
    if (isCallback(node, target.features)) return below + 1;
    const called = node.kind === 'call' ? functions.get(node.callee) : undefined;
    return called === undefined ? below : Math.max(below, 1 + depth(called.body));
  };
  return depth(body);
}

function isCallback(node: AnyNode, features: TargetFeatures): boolean {
  if (node.kind === 'for') return isCallbackLoop(node, features);
  return node.kind === 'call' && features.bpfLoop && SEARCHES.has(node.callee);
}

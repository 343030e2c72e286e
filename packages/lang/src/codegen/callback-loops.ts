/** Which loops run as a callback of the kernel's, and how deep calls nest: that costs stack. */
import { calleesFirst } from '../analysis/call-order.ts';
import type { CheckedProgram } from '../analysis/checked-program.ts';
import type { Span } from '../source.ts';
import type { AnyNode, Block, Expression, For, Unroll, While } from '../syntax/ast.ts';
import { children } from '../syntax/visit.ts';
import type { TargetFeatures } from '../target.ts';
import { sizeOfType } from '../types/layout.ts';
import type { Type } from '../types/type.ts';

/** `BPF_MAX_LOOPS` of the kernel: more turns than this `bpf_loop` refuses. */
export const MAX_LOOP_TURNS: bigint = 1n << 23n;

/** So few turns the verifier follows one by one, and so few copies of a body are made. */
const MAX_PLAIN_TURNS = 32n;

/** More words than this are compared by a callback, too. */
export const MAX_PLAIN_WORDS = 128;

export type Loop = For | While | Unroll;

export function isLoop(node: AnyNode): node is Loop {
  return node.kind === 'for' || node.kind === 'while' || node.kind === 'unroll';
}

/** Calls that look through text byte by byte. */
const SEARCHES: ReadonlySet<string> = new Set(['strstr', 'strcontains']);

/**
 * `bpf_loop` is there since Linux 5.17; without it all but loops over maps are plain loops, which the verifier follows turn by
 * turn.
 */
export function isCallbackLoop(loop: Loop, features: TargetFeatures): boolean {
  if (loop.kind === 'while') return features.bpfLoop;
  if (loop.kind === 'for' && loop.iterable.kind === 'map') return true;
  if (loop.kind === 'unroll' && leavesLoop(loop.body)) return false;
  return features.bpfLoop && plainTurns(loop) > MAX_PLAIN_TURNS;
}

/** To `break` and `continue`, `unroll` is no loop: they are about the one around it, which its copies must be in. */
function leavesLoop(node: AnyNode): boolean {
  if (node.kind === 'jump') return node.jump !== 'return';
  return node.kind !== 'for' && node.kind !== 'while' && children(node).some(leavesLoop);
}

/** How often the verifier would follow the innermost of the loops in this code, or this loop, if all were plain. */
function plainTurns(node: AnyNode): bigint {
  const below = children(node).map(plainTurns);
  const most = below.reduce((left, right) => (left > right ? left : right), 1n);
  return isLoop(node) ? most * turnsOf(node) : most;
}

/** What has no known end has none to the verifier. */
function turnsOf(loop: Loop): bigint {
  if (loop.kind === 'unroll') return distance(undefined, loop.count);
  if (loop.kind === 'while' || loop.iterable.kind === 'map') return 1n;
  return distance(loop.iterable.from, loop.iterable.to);
}

function distance(from: Expression | undefined, to: Expression): bigint {
  const start = from === undefined ? 0n : from.kind === 'integer' ? from.value : undefined;
  if (start === undefined || to.kind !== 'integer') return MAX_LOOP_TURNS;
  return to.value > start ? to.value - start : 1n;
}

/** The longest chain of callbacks and functions that call each other. */
export function callDepth(program: CheckedProgram, body: Block): number {
  return depthIn(body, program, depthsOf(program));
}

type Depths = ReadonlyMap<string, number>;

/** Of each function by itself, by name. */
function depthsOf(program: CheckedProgram): Depths {
  const depths = new Map<string, number>();
  for (const name of calleesFirst(program.functions)) {
    const written = program.functions.get(name);
    if (written !== undefined) depths.set(name, depthIn(written.body, program, depths));
  }
  return depths;
}

function depthIn(node: AnyNode, program: CheckedProgram, depths: Depths): number {
  let below = 0;
  for (const child of children(node)) below = Math.max(below, depthIn(child, program, depths));
  if (isCallback(node, program)) return below + 1;
  const called = node.kind === 'call' ? depths.get(node.callee) : undefined;
  return called === undefined ? below : Math.max(below, 1 + called);
}

/** Where a chain of more than `limit` of them goes one too far: the head of a loop, or a call. */
export function placeTooDeep(
  program: CheckedProgram,
  body: Block,
  limit: number,
): Span | undefined {
  const depths = depthsOf(program);
  /** The first that leads too deep, by way of the function that it calls perhaps. */
  const find = (node: AnyNode, above: number): readonly [AnyNode, number] | undefined => {
    const level = above + (isCallback(node, program) ? 1 : 0);
    if (level > limit) return [node, level];
    for (const child of children(node)) {
      const found = find(child, level);
      if (found !== undefined) return found;
    }
    const called = node.kind === 'call' ? depths.get(node.callee) : undefined;
    return called !== undefined && level + 1 + called > limit ? [node, level + 1] : undefined;
  };
  let place = find(body, 0);
  while (place !== undefined) {
    const [node, level] = place;
    const called = node.kind === 'call' ? program.functions.get(node.callee) : undefined;
    if (level > limit || called === undefined) return headOf(node);
    place = find(called.body, level);
  }
  return undefined;
}

function headOf(node: AnyNode): Span {
  if (!isLoop(node)) return node.span;
  const { source, start } = node.span;
  const head = source.text.slice(start, node.body.span.start);
  return { ...node.span, end: start + head.trimEnd().length };
}

function isCallback(node: AnyNode, { types, target }: CheckedProgram): boolean {
  const { features } = target;
  if (isLoop(node)) return isCallbackLoop(node, features);
  if (!features.bpfLoop) return false;
  const compared = comparedBy(node);
  if (compared === undefined) return node.kind === 'call' && SEARCHES.has(node.callee);
  const type = types.get(compared);
  return type !== undefined && isLong(type);
}

/** What is compared word by word, with something of about its size. */
function comparedBy(node: AnyNode): Expression | undefined {
  if (node.kind === 'binary' && (node.operator === '==' || node.operator === '!=')) {
    return node.left.kind === 'string' ? node.right : node.left;
  }
  if (node.kind !== 'call' || node.callee !== 'strncmp') return undefined;
  const [text] = node.arguments;
  return text?.kind === 'type-name' ? undefined : text;
}

function isLong(type: Type): boolean {
  const inMemory = type.kind === 'string' || type.kind === 'tuple' || type.kind === 'array';
  return inMemory && sizeOfType(type) > 8 * MAX_PLAIN_WORDS;
}

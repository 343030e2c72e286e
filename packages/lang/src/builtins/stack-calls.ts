/** `kstack` and `ustack` with a mode, a limit or both. */
import type { Type } from '../types/type.ts';
import type { CallKind, TypedCall } from './call-kind.ts';
import { DEFAULT_STACK_LIMIT } from './variables.ts';

const MAX_STACK_FRAMES = 1024n;
const MODES = ['bpftrace', 'perf', 'raw'] as const;
type Mode = (typeof MODES)[number];

export const stackCalls: readonly CallKind[] = [
  stackCall('kstack', 'kstack'),
  stackCall('ustack', 'ustack'),
  stackCall('dw_ustack', 'ustack'),
];

function stackCall(name: string, kind: 'kstack' | 'ustack'): CallKind {
  return {
    name,
    arity: [0, 2],
    arguments: ['word-or-integer'],
    type: (call) => stackType(kind, call),
    check: (call) => checkStack(name, call),
  };
}

function stackType(kind: 'kstack' | 'ustack', call: TypedCall): Type {
  const mode = call.word(0);
  const limit = call.integer(call.arguments.length - 1);
  return {
    kind,
    mode: isMode(mode) ? mode : call.config.stackMode,
    limit: limit === undefined ? DEFAULT_STACK_LIMIT : Number(limit),
  };
}

function checkStack(kind: string, call: TypedCall): readonly string[] {
  const count = call.arguments.length;
  const mode = call.word(0);
  if (count > 0 && mode !== undefined && !isMode(mode)) {
    return [`Error parsing stack mode: Unknown stack mode: ${mode}`];
  }
  if (count === 2 && mode === undefined) return ['Expected stack mode as first argument'];
  if (count === 0 || (count === 1 && mode !== undefined)) return [];
  const limit = call.integer(count - 1);
  if (limit === undefined || limit < 1n) return [`${kind}: invalid limit value`];
  if (limit > MAX_STACK_FRAMES) {
    return [`${kind}([int limit]): limit shouldn't exceed ${MAX_STACK_FRAMES}, ${limit} given`];
  }
  return [];
}

function isMode(word: string | undefined): word is Mode {
  return MODES.some((mode) => mode === word);
}

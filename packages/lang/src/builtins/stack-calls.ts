/** `kstack` and `ustack` with a mode, a limit or both. */
import type { Type } from '../types/type.ts';
import type { CallKind, TypedCall } from './call-kind.ts';
import { DEFAULT_STACK_LIMIT, configuredMode, refuseUnwinding } from './variables.ts';

const MAX_STACK_FRAMES = 1024n;
/** What programs may keep for one CPU is 32 KiB. */
const MAX_BUILD_ID_FRAMES = 1000n;
const MODES = ['bpftrace', 'perf', 'raw', 'build_id'] as const;
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
    type: (call) => stackType(name, kind, call),
    check: (call) => checkStack(name, call),
  };
}

function stackType(name: string, kind: 'kstack' | 'ustack', call: TypedCall): Type {
  const mode = call.word(0);
  const limit = call.integer(call.arguments.length - 1);
  return {
    kind,
    mode: isMode(mode) ? mode : configuredMode(name, call.config),
    limit: limit === undefined ? DEFAULT_STACK_LIMIT : Number(limit),
  };
}

function checkStack(kind: string, call: TypedCall): readonly string[] {
  const refused = kind === 'dw_ustack' ? refuseUnwinding(call.target) : undefined;
  if (refused !== undefined) return [refused.refusal];
  const count = call.arguments.length;
  const mode = call.word(0);
  if (count > 0 && mode !== undefined && !isMode(mode)) {
    return [`Error parsing stack mode: Unknown stack mode: ${mode}`];
  }
  if (mode === 'build_id' && kind !== 'ustack') {
    return [`${kind}: the stack mode build_id is for ustack only`];
  }
  if (count === 2 && mode === undefined) return ['Expected stack mode as first argument'];
  if (count === 0 || (count === 1 && mode !== undefined)) return [];
  const limit = call.integer(count - 1);
  if (limit === undefined || limit < 1n) return [`${kind}: invalid limit value`];
  const most = mode === 'build_id' ? MAX_BUILD_ID_FRAMES : MAX_STACK_FRAMES;
  if (limit > most) {
    return [`${kind}([int limit]): limit shouldn't exceed ${most}, ${limit} given`];
  }
  return [];
}

function isMode(word: string | undefined): word is Mode {
  return MODES.some((mode) => mode === word);
}

/**
 * Stack traces: the frames go into the `stacks` map once, under a 64-bit hash that stands for them everywhere else.
 *
 * Each step of the hash is a bijection of what it has so far, and 63 bits of it are kept: of n distinct stacks two share an
 * id with a probability of n² / 2^64, which is one in 18 million for a million stacks. Comparing the frames at each event
 * would cost more than the walk that took them.
 */
import { bytesPerFrame, type StackMode } from '@bpfleet/protocol';
import { KERNEL_MAPS } from '../session-spec.ts';
import type { Span } from '../source.ts';
import type { Type } from '../types/type.ts';
import type { Address, VirtualRegister } from './ir.ts';
import { errorOf, reportRefusedUpdate } from './lower-faults.ts';
import { lowerProcess } from './lower-process.ts';
import type { Lowering } from './lowering.ts';
import { unwindStack } from './lower-unwind.ts';
import { at, inScope, pointing, takeMemory } from './memory.ts';

const BPF_F_USER_STACK = 256n;
const BPF_F_USER_BUILD_ID = 2048n;
const BPF_NOEXIST = 1n;
const EEXIST = 17n;
/** An odd constant with well-mixed bits: 2^64 divided by the golden ratio. */
const MULTIPLIER = 0x9e3779b97f4a7c15n;

/** The text of a stack depends on its mode, so the id that stands for the text does, too. */
const MODE_SEEDS: Readonly<Record<StackMode, bigint>> = {
  bpftrace: 0n,
  perf: 1n << 16n,
  raw: 2n << 16n,
  build_id: 3n << 16n,
};

type StackType = Extract<Type, { kind: 'kstack' | 'ustack' }>;

/** Writes the count and the frames; gives the count, 0 where there are none. */
type TakeStack = (l: Lowering, record: Address, type: StackType, span: Span) => VirtualRegister;

/** The id of the stack; 0 where there is none. */
export function lowerStackId(
  l: Lowering,
  type: StackType,
  span: Span,
  take: TakeStack = walkFramePointers,
): VirtualRegister {
  return inScope(l, () => {
    l.session.needStacks();
    const record = l.scratch.take(l.session.stackBytes);
    const frames = at(record, 8);
    const count = take(l, record, type, span);
    const id = l.b.copy(0n);
    const done = l.b.label('stack');
    l.b.branch('eq', count, 0n, done);
    l.b.move(id, hashFrames(l, frames, count, type));
    keepStack(l, id, record, span);
    l.b.place(done);
    return id;
  });
}

function walkFramePointers(
  l: Lowering,
  record: Address,
  { kind, limit, mode }: StackType,
): VirtualRegister {
  const frameBytes = bytesPerFrame(mode);
  let flags = kind === 'ustack' ? BPF_F_USER_STACK : 0n;
  if (mode === 'build_id') flags |= BPF_F_USER_BUILD_ID;
  const size = BigInt(limit * frameBytes);
  const bytes = l.b.call('get_stack', l.b.context, at(record, 8), size, flags);
  const count = l.b.copy(0n);
  const none = l.b.label('no_stack');
  l.b.branch('sle', bytes, 0n, none);
  l.b.move(count, l.b.arithmetic('rsh', bytes, BigInt(Math.log2(frameBytes))));
  l.b.place(none);
  l.b.store(8, record, count);
  return count;
}

/** `name` is the builtin: `dw_ustack` does without frame pointers. */
export function lowerUserStackInto(
  l: Lowering,
  type: StackType,
  to: Address,
  span: Span,
  name: string,
): void {
  const take: TakeStack = name.endsWith('dw_ustack')
    ? (_l, record, { limit }) => unwindStack(l, record, limit, span)
    : walkFramePointers;
  l.b.store(8, to, lowerStackId(l, type, span, take));
  const process = lowerProcess(l, 'pid', false);
  l.b.store(8, at(to, 8), process);
}

function hashFrames(
  l: Lowering,
  frames: Address,
  count: VirtualRegister,
  { limit, mode }: StackType,
): VirtualRegister {
  const hash = l.b.copy(count);
  if (MODE_SEEDS[mode] !== 0n) l.b.apply('xor', hash, MODE_SEEDS[mode]);
  const wordsPerFrame = BigInt(bytesPerFrame(mode) / 8);
  const words = wordsPerFrame === 1n ? count : l.b.arithmetic('mul', count, wordsPerFrame);
  const multiplier = l.b.copy(MULTIPLIER);
  const frame = l.b.copy(l.b.addressOf(frames));
  const index = l.b.copy(0n);
  const again = l.b.label('frame');
  const done = l.b.label('hashed');
  l.b.place(again);
  l.b.branch('ge', index, BigInt(limit) * wordsPerFrame, done);
  l.b.branch('ge', index, words, done);
  l.b.apply('xor', hash, l.b.load(8, pointing(frame)));
  l.b.apply('mul', hash, multiplier);
  l.b.apply('xor', hash, l.b.arithmetic('rsh', hash, 32n));
  l.b.apply('add', frame, 8n);
  l.b.apply('add', index, 1n);
  l.b.jump(again);
  l.b.place(done);
  // 0 stands for the empty stack.
  l.b.apply('or', hash, 1n);
  return hash;
}

function keepStack(l: Lowering, id: VirtualRegister, record: Address, span: Span): void {
  const map = { kind: 'map', map: KERNEL_MAPS.stacks } as const;
  const key = takeMemory(l, 8);
  l.b.store(8, key, id);
  const fresh = l.b.label('new_stack');
  const kept = l.b.label('kept');
  l.b.branch('eq', l.b.call('map_lookup_elem', map, key), 0n, fresh);
  l.b.place(kept);
  l.b.cold(() => {
    l.b.place(fresh);
    const result = l.b.call('map_update_elem', map, key, record, BPF_NOEXIST);
    l.b.branch('eq', result, 0n, kept);
    const error = errorOf(l, result);
    l.b.branch('eq', error, -EEXIST, kept);
    reportRefusedUpdate(l, 'map_update_elem', error, span);
    l.b.jump(kept);
  });
}

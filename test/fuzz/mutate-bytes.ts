/** Damage as formats of bytes take it: bits, numbers at the limits, parts missing, doubled, moved or of another input. */
import type { Random } from './random.ts';

type Edit = (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

const LIMITS: readonly bigint[] = [
  ...[0n, 1n, 2n, 7n, 8n, 16n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x10000n],
  ...[0x7fff_ffffn, 0x8000_0000n, 0xffff_fffen, 0xffff_ffffn, 0x1_0000_0000n],
  ...[(1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n],
];

const edits: readonly Edit[] = [
  flipBit,
  setByte,
  setByte,
  addToByte,
  setNumber,
  setNumber,
  remove,
  repeat,
  insert,
  truncate,
  splice,
  overwrite,
];

export function mutateBytes(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let changed: Uint8Array = bytes.slice();
  for (let left = 1 + random.small(8); left > 0; left--) {
    changed = random.pick(edits)(random, changed, other);
  }
  return changed;
}

function flipBit(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
}

function setByte(random: Random, bytes: Uint8Array): Uint8Array {
  bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function addToByte(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) + random.below(9) - 4;
  return bytes;
}

function setNumber(random: Random, bytes: Uint8Array): Uint8Array {
  const size = random.pick([1, 2, 4, 8]);
  const value = random.pick(LIMITS) + BigInt(random.below(3) - 1);
  const at = random.below(Math.max(1, bytes.length - size));
  for (let index = 0; index < size && at + index < bytes.length; index++) {
    bytes[at + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return bytes;
}

function remove(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length);
  return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.small(64)));
}

function repeat(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length);
  const part = bytes.subarray(at, at + 1 + random.small(64));
  const times = 1 + random.small(20);
  const parts = Array.from({ length: times }, () => part);
  return joined(bytes.subarray(0, at), ...parts, bytes.subarray(at));
}

function insert(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  const part = Uint8Array.from({ length: 1 + random.small(16) }, () => random.below(256));
  return joined(bytes.subarray(0, at), part, bytes.subarray(at));
}

function truncate(random: Random, bytes: Uint8Array): Uint8Array {
  return bytes.slice(0, random.below(bytes.length + 1));
}

function splice(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const from = random.below(other.length);
  const part = other.subarray(from, from + 1 + random.small(256));
  const at = random.below(bytes.length + 1);
  return joined(bytes.subarray(0, at), part, bytes.subarray(at));
}

function overwrite(random: Random, bytes: Uint8Array): Uint8Array {
  const from = random.below(bytes.length);
  const part = bytes.slice(from, from + 1 + random.small(32));
  const at = random.below(bytes.length);
  bytes.set(part.subarray(0, bytes.length - at), at);
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Members and elements of a JSON text that are gone, doubled, of another kind, or far too much. */
import { decodeJson, encodeJson } from '@bpfleet/protocol';
import { mutateText } from './mutate-text.ts';
import type { Random } from './random.ts';
import { textOf } from './target.ts';

type Place = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string };

const NASTY: readonly ({} | null)[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e308, -0, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 - 1],
  ...['', 'a', '\0', '\u001b]0;x\u0007', '\u202e', '\ud800', '__proto__', '..', '-1', '1'],
  ...[[], {}, [[]], [null], { kind: 'x' }, 0n, -1n, (1n << 64n) - 1n, 1n << 64n, -(1n << 63n)],
  'x'.repeat(5000),
];

const encoder = new TextEncoder();

export function mutateJson(
  random: Random,
  bytes: Uint8Array,
  other: Uint8Array,
  words: readonly string[],
): Uint8Array {
  const root = { value: parsed(bytes) };
  if (root.value === undefined || random.below(12) === 0) {
    return mutateText(random, bytes, other, words);
  }
  for (let left = 1 + random.small(4); left > 0; left--) edit(random, root, other, words);
  try {
    return encoder.encode(encodeJson(root.value ?? null));
  } catch {
    // Parts within parts within parts, which no stack is deep enough for.
    return mutateText(random, bytes, other, words);
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return decodeJson(textOf(bytes));
  } catch {
    return undefined;
  }
}

function edit(
  random: Random,
  root: Record<string, unknown>,
  other: Uint8Array,
  words: readonly string[],
): void {
  const places = [...placesIn(root)];
  const { holder, key } = random.pick(places);
  const at = holder as Record<string, unknown>;
  switch (random.below(7)) {
    case 0:
      if (holder === root) return;
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete at[key];
      return;
    case 1:
      at[key] = random.pick(NASTY);
      return;
    case 2: {
      const others = [...placesIn({ value: parsed(other) })];
      const from = random.pick(others);
      at[key] = structuredClone((from.holder as Record<string, unknown>)[from.key]);
      return;
    }
    case 3: {
      const from = random.pick(places);
      at[key] = structuredClone((from.holder as Record<string, unknown>)[from.key]);
      return;
    }
    case 4:
      if (words.length > 0) at[key] = random.pick(words);
      return;
    case 5:
      if (Array.isArray(holder)) {
        for (let left = random.small(40); left > 0; left--) holder.push(structuredClone(at[key]));
      } else at[words.length > 0 ? random.pick(words) : 'other'] = structuredClone(at[key]);
      return;
    default:
      at[key] = changed(random, at[key]);
  }
}

function changed(random: Random, value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return value + random.pick([-1, 1, 0.5, 1000, 2 ** 32]);
    case 'bigint':
      return value + random.pick([-1n, 1n, 1n << 32n, 1n << 63n]);
    case 'string': {
      const other = encoder.encode(value);
      return textOf(mutateText(random, other, other, []));
    }
    case 'boolean':
      return !value;
    default:
      return random.below(2) === 0 ? [value] : { value };
  }
}

function* placesIn(value: unknown, depth = 0): Generator<Place> {
  if (typeof value !== 'object' || value === null || depth > 40) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    yield { holder, key };
    yield* placesIn(holder[key], depth + 1);
  }
}

/** Keys of a fleet, made for one test. */
import {
  newKeys,
  parseAgentKeys,
  parseCoordinatorKeys,
  type AgentKeys,
  type CoordinatorKeys,
} from '../../src/seal/index.ts';

export function testKeys(): { readonly agent: AgentKeys; readonly coordinator: CoordinatorKeys } {
  const { agent, coordinator } = newKeys();
  return {
    agent: parseAgentKeys(JSON.stringify(agent)),
    coordinator: parseCoordinatorKeys(JSON.stringify(coordinator)),
  };
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Each with one other bit. */
export function* flipped(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = Uint8Array.from(bytes);
    copy[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield copy;
  }
}

/** Fails a test file that leaves descriptors of the kernel open. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { trackFds } from '@bpfleet/bpf';

/** Call it first in a test file; each leak is reported with the stack that opened the descriptor. */
export function failOnFdLeaks(): void {
  const open = trackFds();
  after(() => {
    const stacks = [...open.values()].map((creation) => creation.stack ?? creation.message);
    assert.equal(stacks.length, 0, `descriptors left open:\n${stacks.join('\n')}`);
  });
}

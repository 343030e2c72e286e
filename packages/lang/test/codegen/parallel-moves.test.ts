import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Register } from '@bpfleet/bpf/asm';
import fc from 'fast-check';
import { parallelMoves, type Move } from '../../src/codegen/parallel-moves.ts';

/** What r0 to r9 hold after the moves, each having held its own number. */
function run(moves: readonly Move[]): number[] {
  const registers = Array.from({ length: 10 }, (_, index) => index);
  for (const { dst, src } of parallelMoves(moves)) registers[dst] = registers[src]!;
  return registers;
}

test('a swap goes through r0', () => {
  const registers = run([
    { to: 1, from: 2 },
    { to: 2, from: 1 },
  ]);
  assert.deepEqual(registers.slice(1, 3), [2, 1]);
});

test('a register may go to several places', () => {
  const registers = run([
    { to: 1, from: 6 },
    { to: 2, from: 6 },
    { to: 3, from: 1 },
  ]);
  assert.deepEqual(registers.slice(1, 4), [6, 6, 1]);
});

test('moves to different argument registers all arrive, whatever they overwrite', () => {
  const sources = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(sources, (list) => {
      const moves = list.map((from, index) => ({
        to: (index + 1) as Register,
        from: from as Register,
      }));
      assert.deepEqual(run(moves).slice(1, list.length + 1), list);
    }),
  );
});

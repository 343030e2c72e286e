/** Jumps in long functions, followed over all islands to where they end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as asm from '../../src/asm/index.ts';
import type { Instruction } from '../../src/asm/index.ts';

const { R0, R1 } = asm;

function filler(count: number): readonly Instruction[] {
  return Array.from({ length: count }, (_, index) => asm.mov.imm(R0, index));
}

/** The instruction that `from` leads to, by way of jumps alone. */
function endOf(instructions: readonly Instruction[], from: Instruction): Instruction | undefined {
  const byLabel = new Map(instructions.map((one) => [one.label ?? '', one]));
  let at = byLabel.get(from.target ?? '');
  while (at?.opcode === asm.JUMP) at = byLabel.get(at.target ?? '');
  return at;
}

test('a short function stays as it is', () => {
  const short = [asm.jeq.imm(R1, 0, 'end'), ...filler(9000), asm.labelled('end', asm.exit())];
  assert.equal(asm.bridgeFarJumps(short), short);
});

test('jumps go far in both directions', () => {
  const long = asm.bridgeFarJumps([
    asm.labelled('start', asm.mov.imm(R1, -1)),
    asm.jeq.imm(R1, 1, 'end'),
    ...filler(50_000),
    asm.jeq.imm(R1, 2, 'start'),
    asm.jeq.imm(R1, 3, 'end'),
    ...filler(50_000),
    asm.jeq.imm(R1, 4, 'start'),
    asm.labelled('end', asm.exit()),
  ]);
  for (const jump of long.filter(
    ({ opcode, imm }) => opcode === asm.jeq.imm(R1, 0, '').opcode && imm !== 0,
  )) {
    const end = endOf(long, jump);
    assert.equal(end?.label, Number(jump.imm) % 2 === 1 ? 'end' : 'start');
  }
  assert.doesNotThrow(() => asm.assemble(long, asm.UNRESOLVED));
});

test('jumps reach their targets when the kernel has put more instructions between', () => {
  const long = asm.bridgeFarJumps([
    asm.jeq.imm(R1, 1, 'end'),
    ...filler(30_000),
    asm.labelled('end', asm.exit()),
  ]);
  const places = new Map(long.map(({ label }, index) => [label, index]));
  long.forEach(({ target }, index) => {
    if (target === undefined) return;
    const distance = Math.abs((places.get(target) ?? Infinity) - index);
    assert.ok(distance < 12_000, `${distance} to ${target}`);
  });
});

test('nothing lies behind a jump that cannot be reached', () => {
  const jumps = Array.from({ length: 40_000 }, (_, index) =>
    asm.labelled(`at${index}`, asm.ja(`at${index + 1}`)),
  );
  const long = asm.bridgeFarJumps([
    asm.jeq.imm(R1, 1, 'end'),
    ...jumps,
    asm.labelled('at40000', asm.mov.imm(R0, 0)),
    asm.labelled('end', asm.exit()),
  ]);
  const targets = new Set(long.map(({ target }) => target));
  long.forEach(({ label }, index) => {
    if (long[index - 1]?.opcode !== asm.JUMP) return;
    assert.ok(label !== undefined && targets.has(label), `instruction ${index}`);
  });
});

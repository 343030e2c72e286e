/** The verifier's own log as the judge of what we assemble and how we show it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as asm from '../../src/asm/index.ts';
import type { Instruction } from '../../src/asm/index.ts';
import { progLoad } from '../../src/sys/bpf.ts';
import { BPF_PROG_TYPE_TRACEPOINT } from '../../src/sys/constants.ts';
import { isKernelError } from '../../src/sys/kernel-error.ts';
import { openKernel } from '../../src/sys/kernel-calls.ts';
import { notRoot } from '../../../../test/support/needs-kernel.ts';

const { R0, R1, R2, R6, R10 } = asm;

/** Lines such as `0: (b7) r0 = 1   ; R0=1`, by slot; the first visit of each. */
function verifierListing(instructions: readonly Instruction[]): Map<number, string> {
  const { bytes } = asm.assemble(instructions, asm.UNRESOLVED);
  const buffer = new Uint8Array(1 << 20);
  using program = progLoad(openKernel(), {
    programType: BPF_PROG_TYPE_TRACEPOINT,
    name: 'listing',
    instructions: bytes,
    license: 'GPL',
    log: { buffer, level: 2 },
  });
  assert.ok(program.number >= 0);
  const log = new TextDecoder().decode(buffer.subarray(0, buffer.indexOf(0)));
  const listing = new Map<number, string>();
  for (const [, slot, text] of log.matchAll(/^(\d+): \([\da-f]{2}\) (.*?)\s*(?:;.*)?$/gm)) {
    if (!listing.has(Number(slot))) listing.set(Number(slot), text ?? '');
  }
  return listing;
}

function ourListing(instructions: readonly Instruction[]): Map<number, string> {
  const text = asm.disassemble(asm.assemble(instructions, asm.UNRESOLVED).bytes);
  const lines = text.trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(': ');
      return [Number(line.slice(0, colon)), line.slice(colon + 2)];
    }),
  );
}

function assertAgreement(instructions: readonly Instruction[]): void {
  const theirs = verifierListing(instructions);
  const ours = ourListing(instructions);
  assert.ok(theirs.size > 0);
  for (const [slot, text] of theirs) assert.equal(ours.get(slot), text);
  assert.equal(theirs.size, ours.size);
}

test('the verifier reads what we assemble as we show it', { skip: notRoot() }, () => {
  assertAgreement([
    asm.mov.reg(R6, R1),
    asm.call('ktime_get_ns'),
    asm.stx(8, R10, -8, R0),
    asm.st(4, R10, -12, -1),
    asm.mov.imm(R1, -7),
    asm.mov32.imm(R2, 3),
    asm.add.reg(R1, R2),
    asm.lsh.imm(R1, 3),
    asm.arsh.imm(R1, 3),
    asm.xor32.imm(R1, 255),
    asm.mod.imm(R1, 10),
    asm.neg(R1),
    asm.toBigEndian(32, R1),
    asm.atomicAdd(8, R10, -8, R1),
    asm.fetchAdd(8, R10, -8, R1),
    asm.xchg(8, R10, -8, R1),
    asm.cmpxchg(8, R10, -8, R1),
    asm.ldx(8, R1, R10, -8),
    asm.ldx(1, R2, R10, -9),
    asm.ldImm64(R1, 0x123456789abcn),
    asm.jgt.imm(R2, 16, 'end'),
    asm.jslt.reg(R2, R0, 'end'),
    asm.jset32.imm(R2, 1, 'end'),
    asm.callLocal('f'),
    asm.labelled('end', asm.mov.imm(R0, 0)),
    asm.exit(),
    asm.labelled('f', asm.mov.imm(R0, 1)),
    asm.exit(),
  ]);
});

const hasCpuV4 = (): boolean => {
  try {
    verifierListing([asm.mov.imm(R0, 4), asm.bswap(16, R0), asm.exit()]);
    return true;
  } catch (error) {
    if (isKernelError(error, 'EINVAL')) return false;
    throw error;
  }
};

test('so it does with the instructions of kernel 6.6', { skip: notRoot() }, (context) => {
  if (!hasCpuV4()) {
    context.skip('this kernel has none of them');
    return;
  }
  assertAgreement([
    asm.call('get_prandom_u32'),
    asm.st(8, R10, -8, 5),
    asm.sdiv.imm(R0, -3),
    asm.smod32.imm(R0, 3),
    asm.movsx(8, R1, R0),
    asm.movsx32(16, R2, R0),
    asm.bswap(64, R1),
    asm.ldxsx(4, R1, R10, -8),
    asm.mov.imm(R0, 0),
    asm.exit(),
  ]);
});

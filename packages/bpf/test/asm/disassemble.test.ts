/** Every form of instruction, assembled and shown in the words of the verifier. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as asm from '../../src/asm/index.ts';
import type { Instruction } from '../../src/asm/index.ts';

const { R0, R1, R2, R3, R6, R10 } = asm;

const resolver = { mapFd: () => 7, kfunc: () => ({ btfId: 4711, fdIndex: 2 }) };

const cases: readonly (readonly [string, Instruction])[] = [
  ['r0 = 1', asm.mov.imm(R0, 1)],
  ['r1 = -7', asm.mov.imm(R1, -7)],
  ['r6 = r1', asm.mov.reg(R6, R1)],
  ['w2 = 3', asm.mov32.imm(R2, 3)],
  ['r1 += r2', asm.add.reg(R1, R2)],
  ['r1 -= 8', asm.sub.imm(R1, 8)],
  ['w1 *= w2', asm.mul32.reg(R1, R2)],
  ['r1 /= r2', asm.div.reg(R1, R2)],
  ['r1 s/= -3', asm.sdiv.imm(R1, -3)],
  ['w1 %= 3', asm.mod32.imm(R1, 3)],
  ['w1 s%= w2', asm.smod32.reg(R1, R2)],
  ['r1 |= r2', asm.or.reg(R1, R2)],
  ['w1 &= 255', asm.and32.imm(R1, 255)],
  ['r1 ^= -1', asm.xor.imm(R1, -1)],
  ['r1 <<= 32', asm.lsh.imm(R1, 32)],
  ['r1 >>= r2', asm.rsh.reg(R1, R2)],
  ['r1 s>>= 63', asm.arsh.imm(R1, 63)],
  ['r1 = -r1', asm.neg(R1)],
  ['w1 = -w1', asm.neg32(R1)],
  ['r1 = (s8)r2', asm.movsx(8, R1, R2)],
  ['r1 = (s32)r2', asm.movsx(32, R1, R2)],
  ['w1 = (s16)w2', asm.movsx32(16, R1, R2)],
  ['r1 = bswap32 r1', asm.bswap(32, R1)],
  ['r1 = be16 r1', asm.toBigEndian(16, R1)],
  ['r1 = le64 r1', asm.toLittleEndian(64, R1)],
  ['r1 = *(u8 *)(r6 +0)', asm.ldx(1, R1, R6, 0)],
  ['r1 = *(u64 *)(r10 -8)', asm.ldx(8, R1, R10, -8)],
  ['r1 = *(s16 *)(r6 +2)', asm.ldxsx(2, R1, R6, 2)],
  ['*(u32 *)(r10 -4) = -5', asm.st(4, R10, -4, -5)],
  ['*(u16 *)(r10 -2) = r3', asm.stx(2, R10, -2, R3)],
  ['lock *(u64 *)(r0 +8) += r1', asm.atomicAdd(8, R0, 8, R1)],
  ['r1 = atomic64_fetch_add((u64 *)(r0 +8), r1)', asm.fetchAdd(8, R0, 8, R1)],
  ['r1 = atomic_fetch_or((u32 *)(r0 +0), r1)', asm.fetchOr(4, R0, 0, R1)],
  ['r1 = atomic64_fetch_and((u64 *)(r0 +0), r1)', asm.fetchAnd(8, R0, 0, R1)],
  ['r1 = atomic64_fetch_xor((u64 *)(r0 +0), r1)', asm.fetchXor(8, R0, 0, R1)],
  ['r2 = atomic64_xchg((u64 *)(r1 +0), r2)', asm.xchg(8, R1, 0, R2)],
  ['r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)', asm.cmpxchg(4, R1, 0, R2)],
  ['r1 = 0x123456789abc', asm.ldImm64(R1, 0x123456789abcn)],
  ['r1 = 0xffffffffffffffff', asm.ldImm64(R1, -1n)],
  ['r1 = 0x8000000000000000', asm.ldImm64(R1, 1n << 63n)],
  ['call bpf_ktime_get_boot_ns#125', asm.call('ktime_get_boot_ns')],
  ['exit', asm.exit()],
];

for (const [text, instruction] of cases) {
  test(`'${text}' survives assembly`, () => {
    assert.equal(asm.formatInstruction(instruction), text);
    const { bytes } = asm.assemble([instruction], resolver);
    assert.equal(asm.disassemble(bytes), `0: ${text}\n`);
  });
}

const jumps = [
  ['==', asm.jeq, asm.jeq32],
  ['!=', asm.jne, asm.jne32],
  ['&', asm.jset, asm.jset32],
  ['>', asm.jgt, asm.jgt32],
  ['>=', asm.jge, asm.jge32],
  ['<', asm.jlt, asm.jlt32],
  ['<=', asm.jle, asm.jle32],
  ['s>', asm.jsgt, asm.jsgt32],
  ['s>=', asm.jsge, asm.jsge32],
  ['s<', asm.jslt, asm.jslt32],
  ['s<=', asm.jsle, asm.jsle32],
] as const;

for (const [operator, wide, narrow] of jumps) {
  test(`a jump on ${operator} compares registers and immediates in both widths`, () => {
    const { bytes } = asm.assemble(
      [
        asm.labelled('top', wide.imm(R1, -1, 'top')),
        wide.reg(R1, R2, 'end'),
        narrow.imm(R1, 16, 'end'),
        narrow.reg(R1, R2, 'end'),
        asm.labelled('end', asm.exit()),
      ],
      resolver,
    );
    assert.equal(
      asm.disassemble(bytes),
      [
        `0: if r1 ${operator} 0xffffffff goto pc-1`,
        `1: if r1 ${operator} r2 goto pc+2`,
        `2: if w1 ${operator} 0x10 goto pc+1`,
        `3: if w1 ${operator} w2 goto pc+0`,
        '4: exit',
        '',
      ].join('\n'),
    );
  });
}

test('instructions with names show labels, maps, functions and their source lines', () => {
  const line = { file: 'demo.bt', line: 1, column: 9, text: '  BEGIN { @ = count(); }' };
  const next = { file: 'demo.bt', line: 2, column: 1, text: 'END { exit(); }' };
  const text = asm.disassemble([
    asm.sourced(line, asm.loadMap(R1, 'counts')),
    asm.sourced(line, asm.loadMapValue(R2, 'globals', 16)),
    asm.sourced(line, asm.jeq.imm(R0, 0, 'missing')),
    { ...asm.sourced(next, asm.loadFunction(R3, 'each')), comment: 'the callback' },
    asm.callLocal('each'),
    asm.callKfunc('bpf_task_from_pid'),
    asm.ja('missing'),
    asm.labelled('missing', asm.exit()),
    asm.labelled('each', asm.exit()),
  ]);
  assert.equal(
    text,
    `  ; BEGIN { @ = count(); }
  r1 = map[counts]
  r2 = map[globals][0]+16
  if r0 == 0x0 goto missing
  ; END { exit(); }
  r3 = func each ; the callback
  call each
  call bpf_task_from_pid
  goto missing
missing:
  exit
each:
  exit
`,
  );
});

test('names resolve to descriptors, ids and distances', () => {
  const { bytes, offsets } = asm.assemble(
    [
      asm.loadMap(R1, 'counts'),
      asm.loadMapValue(R2, 'globals', 16),
      asm.loadFunction(R3, 'each'),
      asm.callLocal('each'),
      asm.callKfunc('bpf_task_from_pid'),
      asm.exit(),
      asm.labelled('each', asm.exit()),
    ],
    resolver,
  );
  assert.deepEqual(offsets, [0, 2, 4, 6, 7, 8, 9, 10]);
  assert.equal(
    asm.disassemble(bytes),
    `0: r1 = map[fd:7]
2: r2 = map[fd:7][0]+16
4: r3 = func pc+4
6: call pc+2
7: call kernel-function#4711
8: exit
9: exit
`,
  );
  assert.equal(new DataView(bytes.buffer).getInt16(7 * 8 + 2, true), 2);
});

test('an opcode that does not exist is shown as unknown', () => {
  assert.equal(asm.disassemble(Uint8Array.of(0xff, 0, 0, 0, 0, 0, 0, 0)), '0: (ff) unknown\n');
});

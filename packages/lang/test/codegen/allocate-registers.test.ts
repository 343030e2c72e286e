import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { disassemble } from '@bpfleet/bpf/asm';
import { allocateRegisters } from '../../src/codegen/allocate-registers.ts';
import { emit } from '../../src/codegen/emit.ts';
import { IrBuilder } from '../../src/codegen/ir-builder.ts';

/** The instructions of a program, one a line, and the size of its stack frame. */
function compiled(write: (b: IrBuilder) => void): { lines: string[]; frameBytes: number } {
  const b = new IrBuilder();
  const program = b.finish(() => {
    write(b);
  });
  const { instructions, frameBytes } = emit(allocateRegisters(program));
  const lines = disassemble(instructions)
    .split('\n')
    .map((line) => line.trim());
  return { lines: lines.filter((line) => line !== ''), frameBytes };
}

suite('register allocation', () => {
  test('a value needed after a call is kept in a preserved register', () => {
    const { lines } = compiled((b) => {
      const first = b.call('ktime_get_ns');
      const second = b.call('ktime_get_ns');
      b.return(b.arithmetic('sub', second, first));
    });
    assert.deepEqual(lines, [
      'call bpf_ktime_get_ns#5',
      'r6 = r0',
      'call bpf_ktime_get_ns#5',
      'r0 -= r6',
      'exit',
    ]);
  });

  test('the context stays in r1 until a call', () => {
    const { lines } = compiled((b) => {
      b.return(b.load(8, { kind: 'register', register: b.context, offset: 16 }));
    });
    assert.deepEqual(lines, ['r0 = *(u64 *)(r1 +16)', 'exit']);
  });

  test('arguments are computed where the helper wants them', () => {
    const { lines } = compiled((b) => {
      const size = b.load(8, { kind: 'register', register: b.context, offset: 8 });
      b.return(b.call('get_stack', b.context, size, 8n, 0n));
    });
    assert.deepEqual(lines, [
      'r2 = *(u64 *)(r1 +8)',
      'r3 = 8',
      'r4 = 0',
      'call bpf_get_stack#67',
      'exit',
    ]);
  });

  test('what nobody reads is not computed', () => {
    const { lines } = compiled((b) => {
      const unread = b.load(8, { kind: 'register', register: b.context, offset: 8 });
      b.apply('add', unread, 1n);
      b.return(0n);
    });
    assert.deepEqual(lines, ['r0 = 0', 'exit']);
  });

  test('values beyond the preserved registers go to the stack', () => {
    const { lines, frameBytes } = compiled((b) => {
      const values = Array.from({ length: 7 }, () => b.call('ktime_get_ns'));
      const sum = b.copy(0n);
      for (const value of values) b.apply('add', sum, value);
      b.return(sum);
    });
    assert.ok(frameBytes >= 16 && frameBytes <= 32, `frame of ${frameBytes} bytes`);
    assert.equal(lines.filter((line) => line.startsWith('call')).length, 7);
  });

  test('spilled values that are never alive together share a slot', () => {
    const { frameBytes } = compiled((b) => {
      const total = b.copy(0n);
      for (let round = 0; round < 10; round++) {
        const values = Array.from({ length: 6 }, () => b.call('ktime_get_ns'));
        for (const value of values) b.apply('xor', total, value);
      }
      b.return(total);
    });
    assert.ok(frameBytes <= 48, `frame of ${frameBytes} bytes`);
  });

  test('a bound that was found for a spilled value is kept with it', () => {
    const { lines } = compiled((b) => {
      const values = Array.from({ length: 7 }, () => b.call('ktime_get_ns'));
      const [outside, inside] = [b.label('outside'), b.label('inside')];
      for (const value of values) b.branch('ge', value, 5n, outside);
      for (const value of values) b.branch('lt', value, 3n, inside);
      b.place(inside);
      const sum = b.copy(0n);
      for (const value of values) b.apply('add', sum, value);
      b.return(sum);
      b.place(outside);
      b.return(0n);
    });
    const loads = lines.flatMap((line, index) => {
      const [, register, slot] = /^(r\d) = (\*\(u64 \*\)\(r10 -\d+\))$/.exec(line) ?? [];
      const [, compared] = /^if (r\d) (?:<|>|<=|>=) 0x/.exec(lines[index + 1] ?? '') ?? [];
      return register !== undefined && register === compared ? [{ index, register, slot }] : [];
    });
    assert.ok(loads.length >= 4, lines.join('\n'));
    for (const { index, register, slot } of loads) {
      assert.equal(lines[index + 2], `${slot} = ${register}`);
    }
  });

  test('a slot that nothing uses takes no room', () => {
    const { frameBytes } = compiled((b) => {
      b.temporary(64);
      const used = b.temporary(8);
      assert.ok(used);
      b.store(8, used, 1n);
      b.return(b.load(8, used));
    });
    assert.equal(frameBytes, 8);
  });
});

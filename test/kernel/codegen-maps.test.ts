/** Generated map code, run by the kernel: aggregations, buckets at their boundaries, in-place updates, keys. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { histBuckets } from '@bpfleet/protocol';
import { CompiledProgram, first, littleEndian } from '../support/compiled-program.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** Indices of the buckets that hold something. */
function filled(buckets: readonly bigint[]): number[] {
  return buckets.flatMap((count, index) => (count === 0n ? [] : [index]));
}

/** The bucket of `hist(n, bits)` by the definition: position of the highest bit, then the bits after it. */
function expectedBucket(value: bigint, bits: number): number {
  if (value < 0n) return 0;
  if (value < 2n ** BigInt(bits)) return Number(value) + 1;
  const position = value.toString(2).length - 1 - bits;
  const following = (value >> BigInt(position)) & (2n ** BigInt(bits) - 1n);
  return ((position + 1) << bits) + Number(following) + 1;
}

describe('generated map code', { skip: notRoot() }, () => {
  for (const bits of [0, 1, 2, 5]) {
    test(`hist with ${bits} bits puts each boundary value into its bucket`, () => {
      const powers = Array.from({ length: 63 }, (_, exponent) => 2n ** BigInt(exponent));
      const values = [-1n, 0n, ...powers.flatMap((power) => [power - 1n, power, power + 1n])];
      const lines = values.map((value) => `@ = hist((int64)${value}, ${bits});`);
      using program = new CompiledProgram(`BEGIN { ${lines.join('\n')} }`);
      program.run();
      const expected = Array.from({ length: histBuckets(bits) }, () => 0n);
      for (const value of values) {
        const bucket = expectedBucket(value, bits);
        expected[bucket] = (expected[bucket] ?? 0n) + 1n;
      }
      assert.deepEqual(program.sums('@'), expected);
    });
  }

  test('lhist has a bucket below, one for each step, and one above', () => {
    for (const [value, bucket] of [
      [-1n, 0],
      [9n, 0],
      [10n, 1],
      [29n, 1],
      [30n, 2],
      [109n, 5],
      [110n, 6],
      [10_000n, 6],
    ] as const) {
      using program = new CompiledProgram(`BEGIN { @ = lhist((int64)${value}, 10, 110, 20); }`);
      program.run();
      assert.deepEqual(filled(program.sums('@')), [bucket], `value ${value}`);
    }
  });

  test('count, sum, avg and stats add up over runs', () => {
    using program = new CompiledProgram(
      'BEGIN { @c = count(); @s = sum(-3); @a = avg(10); @t = stats(7); }',
    );
    for (let run = 0; run < 5; run++) program.run();
    assert.deepEqual(program.sums('@c'), [5n]);
    assert.equal(BigInt.asIntN(64, first(program.sums('@s'))), -15n);
    assert.deepEqual(program.sums('@a'), [50n, 5n]);
    assert.deepEqual(program.sums('@t'), [35n, 5n]);
  });

  test('min and max compare signed values as signed', () => {
    using program = new CompiledProgram(
      'BEGIN { $v = (int64)-5; @low = min($v); @high = max($v); $v = 3; @low = min($v); @high = max($v); @r = (int64)@low * 100 + (int64)@high; }',
    );
    program.run();
    assert.equal(program.integer('@r'), -497n);
  });

  test('keyed aggregations make one element for each key', () => {
    using program = new CompiledProgram(
      'BEGIN { unroll(3) { @c["a"] = count(); @h["a", 1] = hist(5); } @c["b"] = count(); }',
    );
    program.run();
    assert.equal(program.entries('@c').size, 2);
    const histogram = first(program.entries('@h').values());
    assert.equal(
      histogram.reduce((total, byte) => total + byte, 0),
      3,
    );
  });

  test('++ and compound operators change elements in place, from zero', () => {
    using program = new CompiledProgram(
      'BEGIN { @i[1]++; @i[1] += 5; @i[1] -= 2; @i[2] |= 12; @i[2] &= 6; @i[3] = 7; @i[3] *= 6; @old = @i[1]++; @new = ++@i[1]; }',
    );
    program.run();
    const numbers = program.integers('@i');
    assert.deepEqual(
      [1n, 2n, 3n].map((key) => numbers.get(key)),
      [6n, 4n, 42n],
    );
    assert.deepEqual([program.integer('@old'), program.integer('@new')], [4n, 6n]);
  });

  test('an element that is not there reads as zero, and delete says whether there was one', () => {
    using program = new CompiledProgram(
      'BEGIN { @m[1] = 5; @r[0] = @m[2]; @r[1] = @m[1]; @r[2] = (int64)delete(@m, 1); @r[3] = @m[1]; @r[4] = (int64)has_key(@m, 1); }',
    );
    program.run();
    const results = program.integers('@r');
    assert.deepEqual(
      [0n, 1n, 2n, 3n, 4n].map((key) => results.get(key)),
      [0n, 5n, 1n, 0n, 0n],
    );
  });

  test('keys have no random bytes: equal keys meet in one element', () => {
    using program = new CompiledProgram(
      'BEGIN { $junk = "a long string to dirty the stack with"; @k["ab", (int8)1, (int64)2] = count(); @k[$junk == "x" ? "cd" : "ab", (int8)1, (int64)2] = count(); }',
    );
    program.run();
    assert.equal(program.entries('@k').size, 1);
  });

  test('aggregations can be read in predicates', () => {
    using program = new CompiledProgram(
      'BEGIN { @c = count(); @a = avg(10); @a = avg(20); @s["x"] = sum(4); @r[0] = (int64)@c; @r[1] = (int64)@a; @r[2] = (int64)@s["x"]; @r[3] = (int64)@s["y"]; }',
    );
    program.run();
    const results = program.integers('@r');
    assert.deepEqual(
      [0n, 1n, 2n, 3n].map((key) => results.get(key)),
      [1n, 15n, 4n, 0n],
    );
  });

  test('a full map counts and reports what it refused', () => {
    using program = new CompiledProgram(
      'let @m = hash(1); let @c = percpuhash(1); BEGIN { @m[1] = 1; @m[2] = 2; @c[1] = count(); @c[2] = count(); }',
    );
    program.run();
    const events = program
      .events()
      .map(({ schema, arguments: values }) => [schema.kind, ...values]);
    // Reported are the 1st, 2nd, 4th … refusal.
    assert.deepEqual(events, [
      ['helper-error', -7n],
      ['helper-error', -7n],
    ]);
    assert.equal(program.losses().mapUpdates, 2n);
  });

  test('a plain map without keys knows whether it was assigned', () => {
    using program = new CompiledProgram('BEGIN { if (pid == 0) { @never = 1; } @zero = 0; }');
    program.run();
    const flag = (name: string): bigint =>
      littleEndian(first(program.entries(name).values()).slice(8));
    assert.deepEqual([flag('@never'), flag('@zero')], [0n, 1n]);
  });
});

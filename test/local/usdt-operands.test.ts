/** Arguments of USDT probes in every form that a note may have, read at run time. */
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { buildProgram } from '../support/test-program.ts';

const elsewhere = process.arch === 'x64' ? notRoot() : 'the operands are of x86-64';

const BUILDS = [
  { name: 'loaded anywhere', file: 'movable-operands', flags: ['-pie', '-fPIE'] },
  { name: 'loaded where it was linked', file: 'fixed-operands', flags: ['-no-pie', '-DABSOLUTE'] },
];

/** A probe of the program prints its arguments with these conversions. */
function printing(path: string, probe: string, conversions: string): string {
  const values = conversions.split(' ').map((_, index) => `arg${index}`);
  return `usdt:${path}:forms:${probe} { printf("%s: ${conversions}\\n", probe, ${values.join(', ')}); }`;
}

/** What follows `PROBE: ` of each line, by the probe's own name. */
function byProbe(out: string): ReadonlyMap<string, string> {
  const lines = out.matchAll(/^usdt:\S+:forms:(\w+): (.*)$/gm);
  return new Map([...lines].map(([, probe = '', values = '']) => [probe, values]));
}

for (const { name, file, flags } of BUILDS) {
  suite(`of a program that is ${name}`, { skip: elsewhere }, () => {
    let path = '';
    let found: ReadonlyMap<string, string> = new Map();
    before(async () => {
      path = buildProgram('usdt-operands', file, flags);
      const program = [
        printing(path, 'width_*', '%lx %lx %lx %lx %ld %ld %ld %ld'),
        printing(path, 'high_*', '%ld %ld'),
        printing(path, 'constants', '%ld %ld %ld %ld %ld %ld %lx %ld %ld %ld %ld'),
        printing(path, 'base', '%lx %lx %lx %ld %ld %lx %lx %ld'),
        printing(path, 'scaled', '%ld %ld %lx %lx %lx %lx %lx %lx %lx %lx'),
        printing(path, 'relative', '%lx %lx %ld %lx %ld'),
        `usdt:${path}:forms:stack_pointer { printf("%s: %d %d\\n", probe, arg0 == reg("sp"), arg1 == *(uint64*)reg("sp")); }`,
        `usdt:${path}:forms:float { printf("%s: %d\\n", probe, arg1); }`,
      ].join('\n');
      const { out, err, exitCode } = await local(['-q', '-c', path, '-e', program]);
      assert.equal(err, '');
      assert.equal(exitCode, 0);
      found = byProbe(out);
    });

    test('registers of all widths have their part of the register, with its sign where it has one', () => {
      const whole = 0xf1e2d3c4b5a69788n;
      const signed = [64, 32, 16, 8].map((bits) => BigInt.asIntN(bits, whole));
      const expected = `f1e2d3c4b5a69788 b5a69788 9788 88 ${signed.join(' ')}`;
      const numbered = [8, 9, 10, 11, 12, 13, 14, 15].map((number) => `r${number}`);
      for (const register of ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', ...numbered]) {
        assert.equal(found.get(`width_${register}`), expected, register);
      }
      for (const register of ['a', 'b', 'c', 'd']) {
        assert.equal(found.get(`high_${register}`), '151 -105', register);
      }
      assert.equal(found.get('stack_pointer'), '1 1');
    });

    test('constants are what they are, whatever their size and sign', () => {
      assert.equal(
        found.get('constants'),
        '255 -1 -300 65535 4294967295 -2147483648 ffffffffffffffff -9223372036854775808 16 -16 0',
      );
    });

    test('memory is found by base, index, scale and displacement', () => {
      const [first, second, third] = [1, 2, 3].map((digit) => String(digit).repeat(16));
      assert.equal(found.get('base'), `${first} ${first} 22222222 -3 -4 3210 fedcba9876543210 -3`);
      assert.equal(
        found.get('scaled'),
        `-4 -3 ${third} 11 11 3333 76543210 ${first} ${second} fedcba9876543210`,
      );
    });

    test('symbols are where the program was loaded', () => {
      assert.equal(found.get('relative'), `${'1'.repeat(16)} ${'2'.repeat(16)} -3 76543210 -4`);
    });

    test('one that cannot be read is refused where it is used, and there only', async () => {
      assert.equal(found.get('float'), '7');
      const used = await local(['-e', `usdt:${path}:forms:float { print(arg0); }`]);
      assert.match(used.err, /^stdin:1:\d+-\d+: ERROR: .*'8f@%xmm0'/);
      assert.equal(used.exitCode, 1);
    });
  });
}

test(
  'addresses that were known to the linker are used as they are',
  { skip: elsewhere },
  async () => {
    const path = buildProgram('usdt-operands', 'absolute-operands', ['-no-pie', '-DABSOLUTE']);
    const { out, err } = await local([
      ...['-q', '-c', path, '-e'],
      `${printing(path, 'absolute', '%lx %lx %lx %lx')}
     usdt:${path}:forms:absolute { printf("%lx\\n", *(uint64*)arg4); }`,
    ]);
    assert.equal(err, '');
    const [first, second, third] = [1, 2, 3].map((digit) => String(digit).repeat(16));
    assert.equal(byProbe(out).get('absolute'), `${first} ${second} ${third} 2222111111111111`);
    assert.match(out, new RegExp(`^${first}$`, 'm'));
  },
);

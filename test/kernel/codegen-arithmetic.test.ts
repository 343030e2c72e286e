/** Generated arithmetic, run by the kernel and compared with exact integers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CompiledProgram } from '../support/compiled-program.ts';
import { generatedRuns, generatedSeed } from '../support/generated-runs.ts';
import { kernelWithout, notRoot } from '../support/needs-kernel.ts';
import {
  arithmetic,
  signedValue,
  unsignedValue,
  type NamedValue,
} from '../support/random-expressions.ts';

/** What expressions give, evaluated in one program with the given variables. */
function evaluate(
  variables: readonly NamedValue[],
  expressions: readonly string[],
  signedDivision = false,
): bigint[] {
  const declarations = variables.map(
    ({ name, type, value }) => `let $${name} : ${type} = (${type})${value};`,
  );
  const stores = expressions.map((text, index) => `@r[${index}] = (int64)(${text});`);
  const body = `BEGIN { ${declarations.join(' ')} ${stores.join('\n')} }`;
  using program = new CompiledProgram(body, { signedDivision });
  program.run();
  const results = program.integers('@r');
  return expressions.map((_, index) => BigInt.asIntN(64, results.get(BigInt(index)) ?? 0n));
}

function int64(name: string, value: bigint): NamedValue {
  return { name, type: 'int64', value };
}

const noInstruction = kernelWithout('signedDivision');

describe('generated arithmetic', { skip: notRoot() }, () => {
  for (const signedDivision of [false, true]) {
    const how = signedDivision ? 'with' : 'without';
    const skip = signedDivision && noInstruction;
    test(`signed division rounds to zero ${how} an instruction for it`, { skip }, () => {
      const cases = [
        [-7n, 2n],
        [7n, -2n],
        [-7n, -2n],
        [-(2n ** 63n) + 1n, -1n],
        [-1n, 2n ** 62n],
        [0n, -5n],
      ] as const;
      for (const [a, b] of cases) {
        const variables = [int64('a', a), int64('b', b)];
        assert.deepEqual(evaluate(variables, ['$a / $b', '$a % $b'], signedDivision), [
          a / b,
          a % b,
        ]);
      }
      const a = int64('a', -100n);
      const results = evaluate([a], ['$a / 7', '$a % 7', '$a / -1', '$a % -1'], signedDivision);
      assert.deepEqual(results, [-14n, -2n, 100n, 0n]);
    });
  }

  test('the smallest number divided by -1 wraps instead of trapping', () => {
    const variables = [int64('a', -(2n ** 63n) + 1n), int64('b', -1n)];
    assert.deepEqual(evaluate(variables, ['($a - 1) / $b']), [-(2n ** 63n)]);
  });

  test('a zero divisor gives 1 and a runtime error', () => {
    using program = new CompiledProgram('BEGIN { $z = 0; @q = 5 / $z; @m = 5 % $z; }');
    program.run();
    assert.deepEqual([program.integer('@q'), program.integer('@m')], [1n, 1n]);
    assert.deepEqual(
      program.events().map(({ schema }) => schema.kind),
      ['runtime-error', 'runtime-error'],
    );
  });

  test('shifts use the low six bits of their count, and >> brings in zeros', () => {
    const variables = [int64('a', -8n), int64('n', 65n)];
    assert.deepEqual(evaluate(variables, ['$a >> 1', '$a << $n', '$a >> 60']), [
      (2n ** 64n - 8n) >> 1n,
      -16n,
      15n,
    ]);
  });

  test('narrow casts cut and extend by their own sign', () => {
    const a = int64('a', 0x1234_5678_9abc_def0n);
    assert.deepEqual(
      evaluate(
        [a],
        ['(int8)$a', '(uint8)$a', '(int16)$a', '(uint16)$a', '(int32)$a', '(uint32)$a'],
      ),
      [-16n, 0xf0n, -8464n, 0xdef0n, -1698898192n, 0x9abc_def0n],
    );
  });

  test('any arithmetic gives what exact integers give', () => {
    const values = fc.tuple(signedValue(), signedValue(), unsignedValue(), unsignedValue());
    const cases = values.chain(([a, b, u, v]) => {
      const variables: NamedValue[] = [
        int64('a', a),
        int64('b', b),
        { name: 'u', type: 'uint64', value: u },
        { name: 'v', type: 'uint64', value: v },
      ];
      const expressions = fc.array(arithmetic(variables), { minLength: 20, maxLength: 20 });
      return expressions.map((list) => ({ variables, list }));
    });
    fc.assert(
      fc.property(
        cases,
        noInstruction === false ? fc.boolean() : fc.constant(false),
        ({ variables, list }, signedDivision) => {
          const texts = list.map(({ text }) => text);
          const expected = list.map(({ value }) => BigInt.asIntN(64, value));
          assert.deepEqual(evaluate(variables, texts, signedDivision), expected);
        },
      ),
      { numRuns: generatedRuns(25), seed: generatedSeed() },
    );
  });

  test('a program with more values than registers keeps them all', () => {
    const names = Array.from({ length: 40 }, (_, index) => `v${index}`);
    const assignments = names.map(
      (name, index) => `$${name} = (int64)pid - (int64)pid + ${index};`,
    );
    const sum = names.map((name, index) => `$${name} * ${index + 1}`).join(' + ');
    using program = new CompiledProgram(`BEGIN { ${assignments.join(' ')} @s[0] = ${sum}; }`);
    program.run();
    const expected = names.reduce((total, _, index) => total + index * (index + 1), 0);
    assert.deepEqual([...program.integers('@s').values()], [BigInt(expected)]);
  });
});

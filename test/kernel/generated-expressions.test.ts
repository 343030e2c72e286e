/** Random pure expressions: the kernel must give what the reference interpreter gives. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse, Source } from '@bpfleet/lang';
import { assertForChoices, type Choices } from '../reference/choices.ts';
import { evaluate } from '../reference/evaluate.ts';
import { ExpressionWriter } from '../reference/expression-writer.ts';
import { boolean, integer, type RefValue } from '../reference/value.ts';
import { CompiledProgram } from '../support/compiled-program.ts';
import { generatedRuns, generatedSeed } from '../support/generated-runs.ts';
import { notRoot } from '../support/needs-kernel.ts';

/** Each makes a program of its own. */
const PROGRAMS = generatedRuns(120);
const EXPRESSIONS_PER_PROGRAM = 25;

interface Setting {
  readonly variables: ReadonlyMap<string, RefValue>;
  readonly declarations: string;
}

const EDGES = [
  0n,
  1n,
  -1n,
  2n,
  63n,
  64n,
  127n,
  -128n,
  255n,
  2n ** 31n,
  -(2n ** 31n),
  -(2n ** 63n),
  2n ** 63n - 1n,
];

/** Of the variables that hold text. */
const TEXT_SIZES = { t: 16, short: 6, long: 100 } as const;

function setting({ pick, below, bigint }: Choices): Setting {
  const variables = new Map<string, RefValue>();
  const declarations: string[] = [];
  for (const bits of [8, 16, 32, 64]) {
    for (const signed of [true, false]) {
      const name = `${signed ? 's' : 'u'}${bits}`;
      const raw = below(2) === 0 ? pick(EDGES) : bigint(-(2n ** 63n) + 1n, 2n ** 63n - 1n);
      const value = integer(raw, bits, signed);
      variables.set(name, value);
      const type = `${signed ? '' : 'u'}int${bits}`;
      // The smallest int64 has no literal.
      const least = value.value === -(2n ** 63n);
      const written = least ? `(-${2n ** 63n - 1n} - 1)` : `(${type})${value.value}`;
      declarations.push(`let $${name} : ${type} = ${written};`);
    }
  }
  const yes = below(2) === 0;
  variables.set('b', boolean(yes));
  declarations.push(`let $b : bool = ${yes};`);
  for (const [name, size] of Object.entries(TEXT_SIZES)) {
    const value = pick(['abc', '', 'hello', 'ab']);
    variables.set(name, { kind: 'string', value });
    declarations.push(`let $${name} : string[${size}] = "${value}";`);
  }
  return { variables, declarations: declarations.join('\n') };
}

function expressionOf(text: string, source: string): Parameters<typeof evaluate>[0] {
  const { program, diagnostics } = parse(new Source('stdin', `BEGIN { _ = ${text}; }`));
  const item = program?.items[0];
  const statement = item?.kind === 'probe' ? item.block.statements[0] : undefined;
  assert.ok(statement?.kind === 'discard', `${JSON.stringify(diagnostics)} in ${source}`);
  return statement.expression;
}

function expected(text: string, variables: ReadonlyMap<string, RefValue>): bigint {
  const value = evaluate(expressionOf(text, text), variables);
  if (value.kind === 'boolean') return BigInt(value.value);
  assert.ok(value.kind === 'integer');
  return BigInt.asIntN(64, value.value);
}

describe('generated expressions', { skip: notRoot() }, () => {
  test('give in the kernel what the reference interpreter gives', () => {
    assertForChoices(
      (choices) => {
        const { variables, declarations } = setting(choices);
        const writer = new ExpressionWriter(choices, {
          integers: [...variables.keys()]
            .filter((name) => /^[su]\d/.test(name))
            .map((name) => `$${name}`),
          booleans: ['$b'],
          strings: Object.keys(TEXT_SIZES).map((name) => `$${name}`),
        });
        const texts = Array.from({ length: EXPRESSIONS_PER_PROGRAM }, () =>
          choices.below(3) === 0 ? `(${writer.boolean()} ? 1 : 0)` : writer.integer(),
        );
        const stores = texts.map((text, index) => `@r[${index}] = (int64)${text};`);
        using program = new CompiledProgram(`BEGIN {\n${declarations}\n${stores.join('\n')}\n}`);
        program.run();
        const results = program.integers('@r');
        for (const [index, text] of texts.entries()) {
          const result = BigInt.asIntN(64, results.get(BigInt(index)) ?? -1n);
          assert.equal(result, expected(text, variables), `${text}\nwith\n${declarations}`);
        }
      },
      { numRuns: PROGRAMS, seed: generatedSeed() },
    );
  });
});

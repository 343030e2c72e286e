/** Each diagnostic is provoked by a program: what it says, and the place that it marks. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { compile } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import type { Source } from '../../src/source.ts';
import { withTypes } from '../targets/types.ts';
import type { Example, Examples } from './examples/example.ts';
import { assertSquiggles } from './squiggle.ts';

const messages = new URL('../../src/diagnostics/messages/', import.meta.url);
const directory = new URL('examples/', import.meta.url);

/** Said by the kernel when a program is loaded; `test/local/bad-input.test.ts` has it. */
const OF_THE_KERNEL: ReadonlySet<string> = new Set([
  'endless-loop',
  'helper-not-allowed',
  'refused-by-verifier',
  'too-complex',
]);

function codesOf(file: string): readonly string[] {
  const text = readFileSync(new URL(file, messages), 'utf8');
  const calls = [...text.matchAll(/\b(?:error|warning|syntax)\(\s*'([^']*)'/g)];
  return calls.map((call) => call[1] ?? '');
}

function diagnose(source: Source, example: Example): readonly Diagnostic[] {
  const { target = withTypes, ...options } = typeof example === 'string' ? {} : example;
  const defaults = { parameters: [], environment: {}, unsafe: false };
  return compile(source, target, { ...defaults, ...options }).diagnostics;
}

const tables = new Map<string, Examples>();
for (const file of readdirSync(directory)) {
  if (file === 'example.ts') continue;
  const module = (await import(new URL(file, directory).href)) as Record<string, Examples>;
  tables.set(file, Object.assign({}, ...Object.values(module)) as Examples);
}

for (const [file, examples] of tables) {
  suite(`diagnostics of ${file}`, () => {
    for (const [code, given] of Object.entries(examples)) {
      test(code, () => {
        for (const example of given) {
          const picture = typeof example === 'string' ? example : example.picture;
          assertSquiggles(picture, (source) => {
            const diagnostics = diagnose(source, example);
            assert.ok(diagnostics.some((diagnostic) => diagnostic.code === code));
            return diagnostics;
          });
        }
      });
    }
  });
}

test('every code has an example', () => {
  const shown = new Set([...tables.values()].flatMap((examples) => Object.keys(examples)));
  const codes = readdirSync(messages)
    .filter((file) => file !== 'message.ts')
    .flatMap(codesOf);
  assert.deepEqual(
    codes.filter((code) => !shown.has(code) && !OF_THE_KERNEL.has(code)),
    [],
  );
});

/** Every diagnostic code is documented in docs/diagnostics.md, once, and every documented code exists. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

const sources = new URL('../../src/', import.meta.url);
const messages = new URL('diagnostics/messages/', sources);
const page = readFileSync(new URL('../../../../docs/diagnostics.md', import.meta.url), 'utf8');

/** The codes of one area: the first argument of each call that makes a diagnostic. */
function codesOf(file: string): readonly string[] {
  const text = readFileSync(new URL(file, messages), 'utf8');
  const calls = [...text.matchAll(/\b(?:error|warning|syntax)\(\s*'([^']*)'/g)];
  return calls.map((call) => call[1] ?? '');
}

const areas = readdirSync(messages).filter((file) => file.endsWith('.ts') && file !== 'message.ts');
const documented = [...page.matchAll(/^- `([^`]+)`: /gm)].map((row) => row[1] ?? '');

suite('diagnostic codes', () => {
  for (const area of areas) {
    test(`of ${area} are documented, and in kebab-case`, () => {
      const codes = codesOf(area);
      assert.ok(codes.length > 0, 'no codes found');
      for (const code of codes) assert.match(code, /^[a-z]+(-[a-z]+)*$/);
      assert.deepEqual(
        codes.filter((code) => !documented.includes(code)),
        [],
      );
    });
  }

  test('are documented once each', () => {
    assert.deepEqual(
      documented.filter((code, index) => documented.indexOf(code) !== index),
      [],
    );
  });

  test('that are documented exist', () => {
    const known = new Set(areas.flatMap(codesOf));
    assert.deepEqual(
      documented.filter((code) => !known.has(code)),
      [],
    );
  });

  test('are given in the messages and nowhere else', () => {
    const strays = readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('diagnostics'))
      .filter((file) => /\bcode: '/.test(readFileSync(new URL(file, sources), 'utf8')));
    assert.deepEqual(strays, []);
  });
});

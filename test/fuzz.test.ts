/** Each target of `npm run fuzz` over its whole corpus, in which are the inputs that once found a fault, and some more. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { corpusOf } from './fuzz/corpus.ts';
import { Fuzzer } from './fuzz/fuzzer.ts';
import { TARGETS } from './fuzz/targets/index.ts';

const RUNS = 2_000;
const SEED = 1;

suite('hostile input', () => {
  for (const target of TARGETS) {
    test(`${target.name}: is answered or refused`, { timeout: 300_000 }, async () => {
      const corpus = corpusOf(target);
      const fuzzer = new Fuzzer(target, corpus, SEED);
      const made = Array.from({ length: target.testRuns ?? RUNS }, () => fuzzer.next());
      for (const input of [...corpus, ...made]) {
        const finding = await fuzzer.run(input);
        const text = `input in hex: ${Buffer.from(input).toString('hex')}\n${finding?.error.stack}`;
        assert.equal(finding, undefined, text);
      }
    });
  }
});

test('docs/security.md says of each target what bounds it', () => {
  const text = readFileSync(new URL('../docs/security.md', import.meta.url), 'utf8');
  for (const { name } of TARGETS) assert.ok(text.includes(`\`${name}\``), name);
});

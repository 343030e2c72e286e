/** Each row of what bpftrace documents is in one of our own cases. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { casesOf, parseFeatures } from './documented-features.ts';
import { parseSuite } from './parse-suite.ts';
import { readSuites } from './suites.ts';

suite('the index of documented features', () => {
  test('each row has a case', () => {
    const text = readFileSync(new URL('documented-features', import.meta.url), 'utf8');
    const cases = readSuites(fileURLToPath(new URL('cases', import.meta.url)));
    const missing = parseFeatures(text).filter((feature) => casesOf(feature, cases).length === 0);
    assert.deepEqual(
      missing.map(({ section, name, shown }) => `${section}: ${name} (${shown.text})`),
      [],
    );
  });

  test('a row without a case is found', () => {
    const cases = parseSuite(
      'NAME one\nPROG begin { print($pid); }\nEXPECT 1\n\nNAME two\nPROG begin { tid; }\nWILL_FAIL\nEXPECT 2\n\nNAME three\nRUN x --fmt -ek\nRETURN_CODE 1\n',
      's',
    );
    const found = (row: string): readonly string[] =>
      parseFeatures(`## S\n\n${row}\n`).flatMap((feature) =>
        casesOf(feature, cases).map(({ name }) => name),
      );
    assert.deepEqual(found('pid'), []);
    assert.deepEqual(found('a variable   $pid'), ['one']);
    assert.deepEqual(found('tid'), []);
    assert.deepEqual(found('refusal   case s.two'), ['two']);
    assert.deepEqual(found('print'), ['one']);
    assert.deepEqual(found('--fmt'), ['three']);
    assert.deepEqual(found('-e'), []);
  });
});

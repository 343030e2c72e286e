/** Whatever is typed after `bpfleet local`, it is understood or refused with a message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { generatedRuns, generatedSeed } from '../../../test/support/generated-runs.ts';
import { parseLocalOptions } from '../src/local-options.ts';
import { LOCAL_OPTIONS } from '../src/local/option-table.ts';

const names = LOCAL_OPTIONS.flatMap((option) => option.names).map((name) =>
  name.length === 1 ? `-${name}` : `--${name}`,
);

const word = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom('-', '--', '---', '-=', '--=', '', '*', '0', '-1', '0x', '1e9', 'text', 'json'),
  fc.constantFrom('begin { }', 'x.bt', 'kprobe', 'all', 'line', '4194304', ',', ':', 'test', 'a,b'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const argument = fc.oneof(
  word,
  fc.tuple(word, fc.constantFrom('', '=', ' ', ','), word).map((parts) => parts.join('')),
  fc.tuple(word, fc.nat(12)).map(([text, length]) => text.slice(0, length)),
);

test('any command line is understood, or refused with a message or the help', () => {
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
      const line = parseLocalOptions(argv);
      if (line.kind === 'fault') assert.ok(line.showUsage || line.message !== '');
    }),
    { numRuns: generatedRuns(1000), seed: generatedSeed() },
  );
});

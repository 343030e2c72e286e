/** The option grammar, with the cases that scripts written for bpftrace rely on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getopt, type OptionGrammar } from '../../src/local/getopt.ts';

const GRAMMAR: OptionGrammar = {
  short: { e: true, l: false, q: false, v: false },
  long: { list: false, output: true, verbose: false, version: false },
};

const parsed: readonly (readonly [string, readonly string[], string, readonly string[]])[] = [
  ['combined flags', ['-lv', 'x'], 'l= v=', ['x']],
  ['a flag combined with one that takes a value', ['-qe', 'BEGIN {}'], 'q= e=BEGIN {}', []],
  ['a value attached to its flag', ['-eBEGIN'], 'e=BEGIN', []],
  ['options behind operands', ['x.bt', '-v', 'y'], 'v=', ['x.bt', 'y']],
  ['nothing behind --', ['x.bt', '--', '-v', '--z'], '', ['x.bt', '-v', '--z']],
  ['a lone dash as an operand', ['-'], '', ['-']],
  ['a long option with its value behind', ['--output', 'f'], 'output=f', []],
  ['a long option with its value attached', ['--output=a=b'], 'output=a=b', []],
  ['an abbreviated long option', ['--verb', '--out=f'], 'verbose= output=f', []],
];

for (const [name, argv, options, operands] of parsed) {
  test(`getopt takes ${name}`, () => {
    const result = getopt(argv, GRAMMAR);
    assert.equal(result.kind, 'parsed');
    assert.equal(
      result.options.map((option) => `${option.name}=${option.value}`).join(' '),
      options,
    );
    assert.deepEqual(result.operands, operands);
  });
}

const faults: readonly (readonly [readonly string[], string])[] = [
  [['-x'], "invalid option -- 'x'"],
  [['-e'], "option requires an argument -- 'e'"],
  [['--nope'], "unrecognized option '--nope'"],
  [['--list=1'], "option '--list' doesn't allow an argument"],
  [['--ver'], "option '--ver' is ambiguous; possibilities: '--verbose' '--version'"],
];

for (const [argv, message] of faults) {
  test(`getopt refuses ${argv.join(' ')}`, () => {
    assert.deepEqual(getopt(argv, GRAMMAR), { kind: 'fault', message });
  });
}

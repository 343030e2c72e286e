import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LibraryParameter } from '@bpfleet/protocol';
import { declarationFault, givenParameters, ParameterError } from '../../src/library/parameters.ts';

const DECLARED: readonly LibraryParameter[] = [
  { name: '1', accepts: 'number' },
  { name: 'comm', accepts: 'name' },
  { name: 'mode', accepts: 'read|write' },
];

function refused(values: Readonly<Record<string, string>>, declared = DECLARED): string {
  try {
    givenParameters(declared, values);
  } catch (error) {
    if (error instanceof ParameterError) return error.message;
    throw error;
  }
  return 'taken';
}

describe('parameters of the library', () => {
  it('become positional parameters and values of getopt', () => {
    assert.deepEqual(givenParameters(DECLARED, { mode: 'read', '1': '-42', comm: 'nginx' }), {
      parameters: ['-42'],
      namedParameters: ['comm=nginx', 'mode=read'],
    });
  });

  it('may be left out where the program has a default', () => {
    const { parameters, namedParameters } = givenParameters(DECLARED, { '1': '7' });
    assert.deepEqual([parameters, namedParameters], [['7'], []]);
    assert.equal(refused({}), 'parameter 1 is needed: --param 1=…');
  });

  it('are those that were declared, with whole values that match', () => {
    assert.equal(refused({ '1': '1', other: 'x' }), 'no parameter other: there is 1, comm, mode');
    for (const [name, value] of [
      ['1', '1 } kprobe:x { system("id")'],
      ['1', '0x10'],
      ['1', ''],
      ['comm', 'a"; }'],
      ['comm', 'nginx\n'],
      ['comm', 'x'.repeat(65)],
      ['mode', 'readx'],
      ['mode', 'xwrite'],
      ['mode', 'read\u0000'],
    ] as const) {
      assert.match(
        refused({ '1': '1', [name]: value }),
        /^parameter \S+ takes /,
        `${name}=${value}`,
      );
    }
    assert.match(refused({ '1': '1', constructor: 'x' }), /no parameter constructor/);
  });

  it('that are paths lead down only', () => {
    const declared = [{ name: 'a', accepts: 'path' }];
    assert.equal(refused({ a: '/usr/lib/libc.so.6' }, declared), 'taken');
    assert.match(refused({ a: '/usr/../etc' }, declared), /takes path/);
    assert.match(refused({ a: '/usr/lib/*' }, declared), /takes path/);
  });

  it('hold nobody up with expressions that look again and again', () => {
    const declared = [{ name: 'a', accepts: '(x+)+y' }];
    assert.match(refused({ a: 'x'.repeat(200) }, declared), /^parameter a takes/);
    assert.equal(refused({ a: 'xxy' }, declared), 'taken');
  });

  it('cannot be declared so that they could not be given', () => {
    const fault = (...names: readonly string[]): string | undefined =>
      declarationFault(names.map((name) => ({ name, accepts: 'name' })));
    assert.equal(fault('1', '2', 'comm'), undefined);
    assert.match(fault('2') ?? '', /parameter 1 is not declared/);
    assert.match(fault('a', 'a') ?? '', /declared twice/);
    assert.match(fault('a b') ?? '', /name of getopt/);
    assert.match(declarationFault([{ name: 'a', accepts: '(' }]) ?? '', /parameter a: .*regular/);
  });
});

/** Programs that come to the limits of the kernel, or of the compiler. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { compile } from '../../src/compile.ts';
import { Source } from '../../src/source.ts';
import { lockedDown } from '../targets/targets.ts';

function repeat(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join('');
}

/** The messages of the errors, none if the program compiles. */
function errorsOf(body: string): readonly string[] {
  const options = { parameters: [], environment: {}, unsafe: false };
  const compiled = compile(new Source('stdin', `BEGIN { ${body} }`), lockedDown, options);
  return compiled.ok ? [] : compiled.diagnostics.map(({ message }) => message);
}

suite('limits', () => {
  test('100 blocks, conditions and parentheses may be inside each other', () => {
    assert.deepEqual(errorsOf(`${'{ '.repeat(100)} print(1); ${'} '.repeat(100)}`), []);
    assert.deepEqual(errorsOf(`${'if (pid) { '.repeat(150)} print(1); ${'} '.repeat(150)}`), []);
    assert.deepEqual(errorsOf(`print(${'('.repeat(200)}pid${')'.repeat(200)});`), []);
  });

  test('500 variables find room beside the stack', () => {
    const set = repeat(500, (index) => `$v${index} = nsecs % ${index + 2}; `);
    const add = repeat(500, (index) => `$t += $v${index}; `);
    assert.deepEqual(errorsOf(`${set} $t = (uint64)0; ${add} print($t);`), []);
  });

  test('more maps than one program may have are used by several, which go on to each other', () => {
    assert.deepEqual(errorsOf(repeat(60, (index) => `@m${index} = 1; `)), []);
    assert.deepEqual(errorsOf(repeat(700, (index) => `@m${index} = 1; `)), []);
    assert.deepEqual(errorsOf(`if (pid) { ${repeat(100, (index) => `@m${index} = 1; `)} }`), []);
  });

  test('more maps in one statement than a program may have are refused with their number', () => {
    const uses = repeat(70, (index) => `@m${index} = 1; `);
    assert.deepEqual(errorsOf(`@n = 1; for ($i : 0..9) { ${uses} }`), [
      'begin uses 71 maps of the kernel, and the kernel allows 64 in one program',
    ]);
  });
});

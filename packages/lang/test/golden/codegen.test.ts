/** Golden intermediate code and instructions of the cases that compile for the saved kernel. */
import { suite, test } from 'node:test';
import { compile } from '../../src/compile.ts';
import { compileStages } from '../../src/compile-stages.ts';
import { lockedDown } from '../targets/targets.ts';
import { withTypes } from '../targets/types.ts';
import { checkGolden, goldenCases, goldenSource } from './golden.ts';

const { btf } = withTypes;
const target = btf === undefined ? lockedDown : { ...lockedDown, btf };
const options = { parameters: [], environment: {}, unsafe: false };

suite('golden code', () => {
  for (const { name, directory } of goldenCases()) {
    const compiled = compile(goldenSource(directory), target, options);
    for (const stage of ['ir', 'asm'] as const) {
      test(`${name} ${stage}`, () => {
        checkGolden(directory, stage, compiled.ok ? compileStages(compiled, [stage]) : undefined);
      });
    }
  }
});

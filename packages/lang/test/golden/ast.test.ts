/** Golden syntax trees, and the tidiness of the golden cases. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { dumpTree } from '../../src/syntax/dump.ts';
import { parse } from '../../src/syntax/parse.ts';
import { printProgram } from '../../src/syntax/print.ts';
import { Source } from '../../src/source.ts';
import { checkGolden, goldenCases, goldenSource, strayFiles } from './golden.ts';

suite('golden syntax trees', () => {
  for (const { name, directory } of goldenCases()) {
    test(name, () => {
      const { program } = parse(goldenSource(directory));
      checkGolden(directory, 'ast', program === undefined ? undefined : dumpTree(program));
      if (program === undefined) return;
      const printed = parse(new Source('printed', printProgram(program))).program;
      assert.ok(printed, 'what is printed does not parse');
      assert.equal(dumpTree(printed), dumpTree(program));
    });

    test(`${name} holds no file that no stage owns`, () => {
      assert.deepEqual(strayFiles(directory), []);
    });
  }
});

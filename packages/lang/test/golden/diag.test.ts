/**
 * Golden diagnostics: what the analysis says of a case for a saved target, as users see it. A case takes part by having a
 * `diag` file, empty at first.
 */
import { suite, test } from 'node:test';
import { analyse } from '../../src/analysis/analyse.ts';
import { renderDiagnostics } from '../../src/diagnostics/render.ts';
import { loadProgram } from '../../src/load-program.ts';
import { lockedDown } from '../targets/targets.ts';
import { checkGolden, goldenCases, goldenSource, hasGolden } from './golden.ts';

suite('golden diagnostics', () => {
  for (const { name, directory } of goldenCases()) {
    if (!hasGolden(directory, 'diag')) continue;
    test(name, () => {
      const source = goldenSource(directory);
      const { program, diagnostics } = loadProgram(source);
      const found =
        program === undefined
          ? diagnostics
          : analyse(program, source, lockedDown, { parameters: [], environment: {}, unsafe: false })
              .diagnostics;
      const text = renderDiagnostics(found);
      checkGolden(directory, 'diag', text === '' ? undefined : text);
    });
  }
});

/** The suites of a folder, and the cases of them that were asked for. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseTitle, type ConformanceCase } from './conformance-case.ts';
import { parseSuite } from './parse-suite.ts';
import { isForThisArchitecture } from './skip-reason.ts';

/** All cases for this architecture, in order of suite and place. @throws SuiteError */
export function readSuites(folder: string): readonly ConformanceCase[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted()
    .flatMap((name) => parseSuite(readFileSync(join(folder, name), 'utf8'), name))
    .filter(isForThisArchitecture);
}

/** `SUITE`, `SUITE.CASE`, or either with `*` for anything. */
function matcher(selection: string): RegExp {
  const pattern = selection
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${pattern}$`);
}

/** @throws when a selection names no case */
export function selectCases(
  cases: readonly ConformanceCase[],
  selections: readonly string[],
): readonly ConformanceCase[] {
  if (selections.length === 0) return cases;
  const matchers = selections.map((selection) => ({ selection, pattern: matcher(selection) }));
  const isWanted = (pattern: RegExp, testCase: ConformanceCase): boolean =>
    pattern.test(testCase.suite) || pattern.test(caseTitle(testCase));
  const useless = matchers.find(
    ({ pattern }) => !cases.some((testCase) => isWanted(pattern, testCase)),
  );
  if (useless !== undefined) throw new Error(`no case is called ${useless.selection}`);
  return cases.filter((testCase) => matchers.some(({ pattern }) => isWanted(pattern, testCase)));
}

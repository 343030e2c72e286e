/** The suites of a kernel run, by the names that they have in its table. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSuites } from '../conformance/suites.ts';

/** Folders of tests that are run on each kernel. */
export const KERNEL_TIERS: readonly string[] = ['test/kernel', 'test/kernels'];

const SUFFIX = '.test.ts';

/** Files of tests, from the working tree's root. */
export function kernelTests(root: string): readonly string[] {
  return KERNEL_TIERS.flatMap((tier) =>
    readdirSync(join(root, tier))
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => join(tier, name)),
  );
}

export function suiteNames(root: string): readonly string[] {
  const cases = readSuites(join(root, 'test/conformance/cases')).map(
    ({ suite }) => `cases: ${suite}`,
  );
  const tests = kernelTests(root).map((path) =>
    path.slice(path.lastIndexOf('/') + 1, -SUFFIX.length),
  );
  return [...tests, ...new Set(cases)];
}

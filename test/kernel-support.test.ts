/**
 * `docs/kernel-support.md` has a row for each feature and for no suite that is gone, and says of the running kernel what
 * is so. What suites do on other kernels is compared by `npm run test:kernels`.
 */
import assert from 'node:assert/strict';
import { release } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Features, openKernel, readHost, readKernelBtf } from '@bpfleet/bpf';
import { featureTests } from '../packages/bpf/src/features/feature-tests.ts';
import { SERIES } from './kernels/kernels-request.ts';
import { suiteNames } from './kernels/suite-names.ts';
import { featureCell, featureLabel, readTables } from './kernels/support-page.ts';
import { notRoot } from './support/needs-kernel.ts';

const ROOT = join(import.meta.dirname, '..');
const columns = readTables(join(ROOT, 'docs/kernel-support.md'));
const calls = openKernel();
const tests = featureTests(calls, readKernelBtf);

test('the page has the kernels of a run, and of each what there is', () => {
  assert.deepEqual([...columns.keys()].slice(0, SERIES.length), SERIES);
  const features = Object.values(tests).map(featureLabel);
  const suites = suiteNames(ROOT);
  for (const [kernel, cells] of columns) {
    const isSuite = (name: string): boolean => suites.includes(name);
    const others = [...cells.keys()].filter((name) => !isSuite(name));
    assert.deepEqual(others.toSorted(), features.toSorted(), kernel);
    assert.ok([...cells.keys()].some(isSuite), kernel);
  }
});

const own = columns.get(/^\d+\.\d+/.exec(release())?.[0] ?? '');

test(
  'what the page says of the features of this kernel is so',
  { skip: notRoot() || (own === undefined && `it says nothing of ${release()}`) },
  () => {
    const states = new Features(calls, readHost().kernelRelease).all();
    for (const [key, { kind }] of Object.entries(states)) {
      const label = featureLabel(tests[key as keyof typeof tests]);
      assert.equal(own?.get(label), featureCell(kind), label);
    }
  },
);

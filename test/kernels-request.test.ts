/** What `npm run test:kernels` takes, and what it says of anything else. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseKernelsRequest, SERIES } from './kernels/kernels-request.ts';
import { suiteNames } from './kernels/suite-names.ts';

const ROOT = join(import.meta.dirname, '..');
const NAMES = ['kprobe', 'bpf-map', 'cases: probes'];
const EVERYTHING = {
  ...{ kind: 'run', series: SERIES, host: true, ownPath: undefined },
  ...{ suites: [], isWhole: true },
};

test('words choose kernels and suites', () => {
  assert.deepEqual(parseKernelsRequest([], undefined, NAMES), EVERYTHING);
  assert.deepEqual(parseKernelsRequest([], '/k', NAMES), { ...EVERYTHING, ownPath: '/k' });
  assert.deepEqual(parseKernelsRequest(['6.1', 'kpro', 'cases'], undefined, NAMES), {
    ...EVERYTHING,
    ...{ series: ['6.1'], host: false, suites: ['kpro', 'cases'], isWhole: false },
  });
  assert.deepEqual(parseKernelsRequest(['own', 'map'], '/k', NAMES), {
    ...EVERYTHING,
    ...{ series: [], host: false, ownPath: '/k', suites: ['map'], isWhole: false },
  });
  assert.deepEqual(parseKernelsRequest(['--help'], undefined, NAMES), { kind: 'help' });
});

test('a word that means nothing is named, with what there is', () => {
  const refused = (words: readonly string[], own?: string): string => {
    try {
      parseKernelsRequest(words, own, NAMES);
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  assert.match(refused(['5.15']), /^test:kernels: no kernel 5\.15; there are 6\.1 and 6\.12, and /);
  assert.equal(
    refused(['6.1', 'kprobbe']),
    'test:kernels: no suite kprobbe; there are kprobe, bpf-map, cases: probes',
  );
  assert.match(refused(['own']), /^test:kernels: BPFLEET_KERNEL names no kernel/);
  assert.match(refused([], ''), /^test:kernels: BPFLEET_KERNEL names no kernel/);
  assert.equal(refused(['--fast']), 'test:kernels: no option --fast; see --help');
});

test('suites are called after their files and cases', () => {
  const names = suiteNames(ROOT);
  for (const name of ['kprobe', 'bpf-map', 'cases: probes']) assert.ok(names.includes(name), name);
});

test('a kernel that cannot be booted is refused before anything is run', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', join(ROOT, 'test/kernels/main.ts'), 'own'],
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, BPFLEET_KERNEL: '/nosuch/vmlinuz' } },
  );
  assert.equal(stderr, 'kernel /nosuch/vmlinuz: no such file\n');
  assert.equal(status, 2);
});

/** docs/exit-codes.md: each row of it, as far as bpfleet can be made to end so. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { OWN_FAULT_EXIT_CODE } from '@bpfleet/protocol';
import { BpfleetProcess } from '../support/bpfleet-process.ts';
import { attached, local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';

const page = readFileSync(new URL('../../docs/exit-codes.md', import.meta.url), 'utf8');

async function codeOf(...argv: readonly string[]): Promise<number | null> {
  return (await local(argv)).exitCode;
}

test('the codes of the page are those of the tests', () => {
  const codes = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, code]) => code);
  assert.deepEqual(codes.slice(2), ['0', '1', 'n', String(OWN_FAULT_EXIT_CODE), '130, 143']);
});

suite('bpfleet local ends', { skip: notRoot(), concurrency: 2 }, () => {
  test('with 0 after exit()', async () => {
    assert.equal(await codeOf('-e', 'begin { exit() }'), 0);
  });

  test('with 0 when the traced command ends, whatever it ends with', async () => {
    assert.equal(await codeOf('-c', '/bin/false', '-e', 'begin { }'), 0);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`with 0 at ${signal} while it traces`, async () => {
      const tracer = await attached(['-e', 'interval:s:60 { }']);
      await tracer.kill(signal);
      assert.equal((await tracer.finished()).exitCode, 0);
    });
  }

  test('with 0 when nobody reads on', async () => {
    const wrapper = ['bash', '-c', '"$@" | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}', 'bash'];
    const { exitCode } = await local(['-l', 'tracepoint:*'], {}, { wrapper });
    assert.equal(exitCode, 0);
  });

  test('with what the program exits with', async () => {
    assert.equal(await codeOf('-e', 'begin { exit(7) }'), 7);
  });

  const faults: Readonly<Record<string, readonly string[]>> = {
    'an unknown option': ['--nosuch'],
    'a missing file': ['/no/such.bt'],
    'a fault of the program': ['-e', 'begin { nosuch }'],
    'a probe that is not there': ['-e', 'tracepoint:no:such { }'],
    'a failed test': ['--test', '-e', 'test:t { return 1; }'],
    'output to a full disk': ['-o', '/dev/full', '-e', 'begin { printf("x"); exit() }'],
  };
  for (const [what, argv] of Object.entries(faults)) {
    test(`with 1 for ${what}`, async () => assert.equal(await codeOf(...argv), 1));
  }

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`with ${code} at ${signal} before anything is traced`, async () => {
      const pipe = join(testDirectory(), signal);
      execFileSync('mkfifo', [pipe]);
      const waiting = new BpfleetProcess(['local', pipe]);
      const writer = await open(pipe, 'w');
      await waiting.kill(signal);
      assert.equal((await waiting.finished()).exitCode, code);
      await writer.close();
    });
  }
});

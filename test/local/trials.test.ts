/** Tests and benchmarks written in the language. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { local } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

suite('test and bench probes', { skip: notRoot(), concurrency: 4 }, () => {
  test('a test fails by its result, by an error and by its exit code', async () => {
    const program =
      'test:result { return 2; } test:error { errorf("no"); } test:code { exit(3); } test:good { }';
    const { out, exitCode } = await local(['-f', 'json', '--test', '-e', program]);
    assert.deepEqual(
      [...out.matchAll(/"(\w+)": \{"duration": \d+, "passed": (\w+)/g)].map(([, ...of]) => of),
      [
        ['result', 'false'],
        ['error', 'false'],
        ['code', 'false'],
        ['good', 'true'],
      ],
    );
    assert.equal(exitCode, 1);
  });

  test('tests share the maps that the begin probe has filled', async () => {
    const program = 'begin { @ = 7; } test:seven { if (@ != 7) { return 1; } } end { clear(@); }';
    const { out, exitCode } = await local(['--test', '-e', program]);
    assert.match(out, /1 test ran/);
    assert.equal(exitCode, 0);
  });

  test('a benchmark that returns 1 is skipped, one with an error fails the run', async () => {
    const program = 'bench:skipped { return 1; } bench:fast { @++; } bench:bad { errorf("no"); }';
    const { out, err, exitCode } = await local(['-f', 'json', '--mode', 'bench', '-e', program]);
    assert.match(
      out,
      /^\{"type": "benchmark_result", "data": \{"fast": \{"average": \d+, "iters": \d+\}\}\}\n$/,
    );
    assert.equal(err, "ERROR: Benchmark 'bad' failed.\n");
    assert.equal(exitCode, 1);
  });

  test('neither runs unless asked for', async () => {
    assert.deepEqual(await local(['-e', 'test:a { }']), {
      out: '',
      err: 'ERROR: No probes attached; use --test to run test probes.\n',
      exitCode: 1,
    });
  });

  test('--probe-filter leaves out what its expression does not match, but begin and end', async () => {
    const program =
      'begin { print("begin"); } i:ms:10 { print("ten"); } i:ms:20 { print("twenty"); exit(); } end { print("end"); }';
    const { out } = await local(['-q', '--probe-filter', ':20$', '-e', program]);
    assert.equal(out, 'begin\ntwenty\nend\n\n\n');
    const nothing = await local(['--probe-filter', 'x', '-e', 'i:s:1 { }']);
    assert.deepEqual(nothing, { out: 'No probes to attach\n', err: '', exitCode: 1 });
    const bad = await local(['--probe-filter', '[', '-e', 'i:s:1 { }']);
    assert.match(bad.err, /Invalid --probe-filter regex '\['/);
  });
});

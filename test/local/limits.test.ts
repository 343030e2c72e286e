/** Programs larger than most: they work, or say which limit they met. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { local, printed } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';

function repeat(count: number, piece: (index: number) => string, between = ' '): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(between);
}

suite('large programs', { skip: notRoot(), concurrency: 2 }, () => {
  test('printf takes 100 numbers, and 100 texts', async () => {
    const numbers = `printf("${repeat(100, () => '%d')}", ${repeat(100, (index) => `pid * 0 + ${index}`, ', ')});`;
    const texts = `printf(" ${repeat(100, () => '%s')}", ${repeat(100, (index) => `strerror(${index % 3} + pid * 0)`, ', ')});`;
    const out = await printed(`BEGIN { ${numbers} } END { ${texts} }`);
    const names = ['Success', 'Operation not permitted', 'No such file or directory'];
    const expected = [
      ...repeat(100, String).split(' '),
      ...repeat(100, (i) => names[i % 3] ?? '', '|').split('|'),
    ];
    assert.equal(out.trim(), expected.join(' '));
  });

  test('tuples have 64 fields, as keys and as values', async () => {
    const fields = repeat(64, (index) => (index % 8 === 0 ? 'comm' : `(uint64)${index}`), ', ');
    const program = `BEGIN { @[${fields}] = (${fields}); for ($kv : @) { print($kv.0.63 + $kv.1.62); print($kv.0.8 == $kv.1.16); } clear(@); }`;
    assert.deepEqual((await printed(program)).trim().split('\n'), ['125', 'true']);
  });

  test('texts of 60,000 bytes are values, keys and printed', async () => {
    const text = 'x'.repeat(60_000);
    const program =
      'config = { max_strlen = 65536 } BEGIN { $s = str($1); @[$s, $s] = 1; print((strlen($s), has_key(@, ($s, $s)))); printf("%s", $s); clear(@); }';
    const out = await printed(program, text);
    assert.equal(out.trim(), `(60000, true)\n${text}`);
  });

  test('a condition goes around code of any length', async () => {
    const script = join(testDirectory(), 'long.bt');
    const body = repeat(9000, () => '$t = $t * 3 + nsecs;', '\n');
    writeFileSync(
      script,
      `BEGIN { $t = (uint64)1;\nif (pid == 0) {\n${body}\n}\nprint($t); exit(); }`,
    );
    const { out, err, exitCode } = await local(['-q', script]);
    assert.deepEqual({ out: out.trim(), err, exitCode }, { out: '1', err: '', exitCode: 0 });
  });

  test('a script has 1,000 probes, and more when asked to', async () => {
    const probes = (count: number): string =>
      `BEGIN { exit(); } ${repeat(count, (index) => `interval:s:${index + 100} { @[${index}] = 1; }`)}`;
    const script = join(testDirectory(), 'probes.bt');
    writeFileSync(script, probes(1000));
    assert.equal((await local(['-q', script])).exitCode, 0);
    writeFileSync(script, probes(1100));
    const { err } = await local(['-q', script]);
    assert.match(err, /exceeds the current limit of 1024$/m);
    assert.match(err, /^HINT: .*BPFTRACE_MAX_BPF_PROGS/m);
  });

  test('80 maps are in one script when no probe uses all of them', async () => {
    const uses = (from: number): string => repeat(40, (index) => `@m${from + index}[1] = 1;`);
    const script = `BEGIN { ${uses(0)} } END { ${uses(40)} print(1); }`;
    const out = await printed(`config = { print_maps_on_exit = false } ${script}`);
    assert.equal(out.trim(), '1');
  });
});

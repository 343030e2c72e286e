/** Bodies that are too much for one program of the kernel: cut into several, they do what one would. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { local, printed } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';
import { testDirectory } from '../support/test-program.ts';

const QUIET = 'config = { print_maps_on_exit = false }';

function repeat(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(' ');
}

suite('long bodies', { skip: notRoot() }, () => {
  test('one body uses 200 maps, and its variables are the same at both ends', async () => {
    const set = repeat(100, (index) => `@m${index} = $n + ${index}; $n++;`);
    const count = repeat(100, (index) => `@k${index}[$text, $pair] = count();`);
    const sum = repeat(100, (index) => `$sum += @m${index};`);
    const body = `$n = 1; $sum = 0; $text = comm; $pair = ($n, $text); ${set} ${count} $n = 0; ${sum}`;
    const out = await printed(
      `${QUIET} BEGIN { ${body} print(($n, $sum, $text == comm, $pair.0, len(@k99))); }`,
    );
    assert.equal(out.trim(), '(0, 10000, true, 1, 1)');
  });

  test('what a predicate or a condition around everything turns away, no part runs', async () => {
    const uses = repeat(100, (index) => `@m${index} = 1;`);
    const script = `${QUIET} BEGIN /pid == 0/ { ${uses} print("no"); } BEGIN { if (pid != 0) { ${uses} print("yes"); } }`;
    assert.equal((await printed(script)).trim(), 'yes');
  });

  test('a return in one part ends the body', async () => {
    const uses = (from: number): string => repeat(60, (index) => `@m${from + index} = 1;`);
    const script = `${QUIET} BEGIN { ${uses(0)} print(1); if (pid) { return; } ${uses(60)} print(2); }`;
    assert.equal((await printed(script)).trim(), '1');
  });

  test('probes that run while they run have long bodies without variables', async () => {
    const uses = repeat(100, (index) => `@m${index}[comm] = count();`);
    const ends = 'interval:ms:100 { exit(); } END { print(len(@m0) > 0); print(len(@m99) > 0); }';
    const script = `${QUIET} rawtracepoint:sys_enter { ${uses} } ${ends}`;
    assert.equal((await printed(script)).trim(), 'true\ntrue');
    const { err } = await local(['-q', '-e', script.replace('{ @m0', '{ $n = 1; @m0')]);
    assert.match(err, /uses \d+ maps of the kernel, and the kernel allows 64 in one program$/m);
  });

  test('3,000 statements are compiled and loaded', async () => {
    const script = join(testDirectory(), 'statements.bt');
    const body = repeat(3000, (index) => `@[${index}] = count(); $n++;\n`);
    writeFileSync(script, `${QUIET} BEGIN { $n = 0; ${body} print((len(@), $n)); exit(); }`);
    const { out, err, exitCode } = await local(['-q', script]);
    assert.deepEqual(
      { out: out.trim(), err, exitCode },
      { out: '(3000, 3000)', err: '', exitCode: 0 },
    );
  });
});

/** The program's own functions, called from probes of all kinds. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { printed } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

const FUNCTIONS = `
fn add($a : int64, $b : int64) : int64 { return $a + $b; }
fn twice($x : int64) : int64 { @calls = count(); return add($x, $x); }
fn start($s : string) : string { return str($s, 3); }
fn swap($p : typeof(((int64)1, "abc"))) : typeof(("abc", (int64)1)) { return ($p.1, $p.0); }
fn isSmall($x : int64) : bool { for ($i : 0..100) { if ($i == $x) { return true; } } return false; }
fn stop($n : int64) : void { if ($n > 3) { exit(); } @n = $n; }
fn stopInLoop() : void { for ($i : 0..100) { stop($i); } printf("never\\n"); }
`;

suite('functions', { skip: notRoot() }, () => {
  const cases: readonly (readonly [statements: string, output: string])[] = [
    ['print(add(1, add(2, add(3, 4))));', '10'],
    ['print(add(add(1, 2), add(3, 4)));', '10'],
    ['print(twice(21) + twice(1)); print(@calls); clear(@calls);', '44\n@calls: 2'],
    ['print(start("abc")); print((start("xyz"), start("qrs")));', 'ab\n(xy, qr)'],
    ['print(start("xyz") == "xy"); @s[start("def")] = 1; print(@s); clear(@s);', 'true\n@s[de]: 1'],
    ['print(swap((5, "x")));', '(x, 5)'],
    ['print(isSmall(7)); print(isSmall(200));', 'true\nfalse'],
    ['for ($i : 0..100) { if (add($i, 1) == 50) { print($i); } }', '49'],
  ];
  for (const [statements, output] of cases) {
    test(statements, async () => {
      const out = await printed(`${FUNCTIONS} BEGIN { ${statements} exit(); }`);
      assert.equal(out.trim().replaceAll('\n\n', '\n'), output);
    });
  }

  test('exit() in a loop of a function ends the probe', async () => {
    const out = await printed(`${FUNCTIONS} BEGIN { stopInLoop(); printf("never\\n"); }`);
    assert.equal(out.trim(), '@n: 3');
  });

  test('are the same in probes of different kinds', async () => {
    const program = `
fn note($kind : string) : void { @[$kind, comm == comm, pid >= 0] = count(); }
BEGIN { note("begin"); }
tracepoint:sched:sched_switch { note("switch"); }
profile:hz:99 { note("profile"); }
interval:ms:100 { note("interval"); if (@i > 3) { exit(); } @i++; }
END { note("end"); }`;
    const out = await printed(program);
    for (const kind of ['begin', 'switch', 'profile', 'interval', 'end']) {
      assert.match(out, new RegExp(`@\\[${kind}, true, true\\]: [0-9]+`));
    }
  });
});

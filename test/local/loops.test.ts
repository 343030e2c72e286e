/** Loops over maps and ranges, and what of the program around them their bodies see and change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockCases } from '../support/block-cases.ts';
import { local, printed } from '../support/local-run.ts';
import { notRoot } from '../support/needs-kernel.ts';

blockCases('loops over maps', [
  ['@m1[16] = 32; for ($kv : @m1) { print($kv); }', '(16, 32)\n'],
  ['@m2[1, "a"] = "xyz"; for ($kv : @m2) { print(($kv.0.1, $kv.0.0, $kv.1)); }', '(a, 1, xyz)\n'],
  ['for ($kv : @m3) { print(1); } @m3[1] = 1; delete(@m3[1]); print("end");', 'end\n'],
  ['@m4[1] = 2; @m4[2] = 3; $s = 0; for ($kv : @m4) { $s += $kv.0 * $kv.1; } print($s);', '8\n'],
  [
    '@m5[1] = 1; @m5[2] = 2; @m5[3] = 3; $n = 0; for ($kv : @m5) { $n++; break; } print($n);',
    '1\n',
  ],
  [
    '@m6[1] = 1; @m6[2] = 2; @m6[3] = 3; $n = 0; for ($kv : @m6) { if ($kv.0 == 2) { continue; } $n += $kv.1; } print($n);',
    '4\n',
  ],
  [
    '@m7[1, 2] = 3; for ($kv : @m7) { delete(@m7, $kv.0); } print(has_key(@m7, (1, 2)));',
    'false\n',
  ],
  [
    '@m8[1] = 1; $s = "abc"; for ($kv : @m8) { print($s); $s = "defgh"; } print($s);',
    'abc\ndefgh\n',
  ],
  ['@m9[1] = 1; $t = (1, "a"); for ($kv : @m9) { $t = (2, "b"); } print($t);', '(2, b)\n'],
  ['@m10[1] = -5; for ($kv : @m10) { print($kv.1 < 0); }', 'true\n'],
  ['@m11["k"] = count(); @m11["k"] = count(); for ($kv : @m11) { print($kv); }', '(k, 2)\n'],
  ['@m12["k"] = avg(3); @m12["k"] = avg(5); for ($kv : @m12) { print($kv.1 + 1); }', '5\n'],
  ['@m13[1] = max(-3); for ($kv : @m13) { @n13[$kv.1] = $kv.0; } print(@n13);', '@n13[-3]: 1\n'],
  [
    '@a14[1] = 1; @b14[1] = 1; @b14[2] = 1; $n = 0; for ($x : @a14) { for ($y : @b14) { for ($i : 0..100) { $n++; } } } print($n);',
    '200\n',
  ],
]);

blockCases('loops over ranges', [
  ['$n = 0; for ($i : 0..1000000) { $n += $i; } print($n);', '499999500000\n'],
  ['$a = -2; $b = 3; for ($i : $a..$b) { printf("%d ", $i); }', '-2 -1 0 1 2 '],
  ['@n17 = 3; for ($i : 0..@n17) { @n17 = 100; printf("%d ", $i); }', '0 1 2 '],
  ['$a = 5; for ($i : $a..$a) { print("never"); } for ($i : $a..1) { print("never"); }', ''],
  [
    'for ($i : 0..100) { if ($i == 3) { break; } if ($i % 2 == 0) { continue; } print($i); }',
    '1\n',
  ],
  ['for ($i : 0..3) { $i += 10; printf("%d ", $i); }', '10 11 12 '],
  ['$n = 7; for ($i : 0..$n) { let $x; $x += $i; printf("%d ", $x); }', '0 1 2 3 4 5 6 '],
  ['$n = 50; $x = comm; for ($i : 0..$n) { if ($i == 49) { print($x == comm); } }', 'true\n'],
]);

blockCases('loops over conditions', [
  ['$i = 0; while ($i < 100000) { $i++; } print($i);', '100000\n'],
  [
    '$n = 0; $i = 0; while ($i < 300) { $j = 0; while ($j < 300) { $j++; $n++; } $i++; } print($n);',
    '90000\n',
  ],
  [
    '$i = 0; while (true) { $i++; if ($i % 2) { continue; } if ($i > 6) { break; } printf("%d ", $i); }',
    '2 4 6 ',
  ],
  [
    '$s = "a"; $i = 0; while ($s != "abcd") { $i++; if ($i == 9) { $s = "abcd"; } } print($i);',
    '9\n',
  ],
  ['$t = (1, "a"); while ($t.0 < 5) { $t = ($t.0 + 1, "b"); } print($t);', '(5, b)\n'],
  ['@n30 = 3; while (@n30-- > 0) { printf("%d ", @n30); } clear(@n30);', '2 1 0 '],
  [
    '$i = 0; while ($i < 3) { $i++; for ($j : 0..50) { if ($j == $i) { break; } } } print($i);',
    '3\n',
  ],
  ['while (false) { print("never"); } print("end");', 'end\n'],
]);

blockCases('loops with arrays on their own stack', [
  [
    '$n = 0; $i = 0; while ($i < 9) { $n += ((uint8[8])(uint64)0x0102030405060708)[(uint64)$i % 8]; $i++; } print($n);',
    '44\n',
  ],
]);

blockCases('loops without a variable', [
  ['$n = 0; unroll (5) { $n++; } print($n);', '5\n'],
  ['$n = 0; unroll (100) { unroll (100) { $n++; } } print($n);', '10000\n'],
  ['$n = 0; for ($i : 0..9) { unroll (5) { $n++; if ($n == 7) { break; } } } print($n);', '7\n'],
  [
    '$n = 0; for ($i : 0..9) { unroll (50) { if ($i % 3) { continue; } $n++; } } print($n);',
    '150\n',
  ],
  [
    '$n = 0; for ($i : 0..20) { for ($j : 0..20) { for ($k : 0..20) { $n += $k; } } } print($n);',
    '76000\n',
  ],
]);

test('a loop without end ends, and says so', { skip: notRoot() }, async () => {
  const { out, err } = await local([
    '-e',
    'BEGIN { $i = 0; while (true) { $i++; } print($i); exit(); }',
  ]);
  assert.match(out, /^8388608$/m);
  assert.match(err, /^stdin:1:17-39: WARNING: the loop was stopped after 8388608 turns$/m);
});

test('return in a loop over a condition leaves the probe', { skip: notRoot() }, async () => {
  const out = await printed(
    'BEGIN { $i = 0; while (true) { $i++; if ($i == 5) { return; } } } END { print("end"); }',
    '--no-warnings',
  );
  assert.equal(out.trim(), 'end');
});

test('return in a loop leaves the probe', { skip: notRoot() }, async () => {
  const inner =
    '@m[1] = 1; for ($kv : @m) { print("in"); for ($i : 0..100) { return; } print("on"); }';
  const out = await printed(`BEGIN { ${inner} print("after"); } END { clear(@m); }`);
  assert.equal(out.trim(), 'in');
});

test('loops nest as deep as the kernel allows', { skip: notRoot() }, async () => {
  const nested = (depth: number): string => {
    const heads = Array.from({ length: depth }, (_, index) => `for ($i${index} : 0..$n) {`);
    return `BEGIN { $n = 2; $s = 0; ${heads.join(' ')} $s++; ${'}'.repeat(depth)} print($s); }`;
  };
  assert.equal((await printed(nested(7))).trim(), '128');
  const { err } = await local(['-e', nested(8)]);
  assert.match(
    err,
    /ERROR: 8 loops and calls of functions inside each other, and the kernel allows 7/,
  );
});

test('loops see the context of their probe', { skip: notRoot() }, async () => {
  const body = 'for ($i : 0..40) { if ($i == 39) { print(args.sig == 0); } } exit();';
  const probe = `tracepoint:syscalls:sys_enter_kill /pid == cpid/ { ${body} }`;
  assert.equal((await printed(probe, '-c', '/bin/kill -0 1')).trim(), 'true');
});

/** Values in programs that only begin: arithmetic, casts, comparisons, text, and how printf and print write them. */
import { blockCases } from '../support/block-cases.ts';

blockCases('arithmetic', [
  ['$a = (int64)-7; $b = (int64)2; printf("%ld %ld", $a / $b, $a % $b);', '-3 -1'],
  ['$a = (int64)7; $b = (int64)-2; printf("%ld %ld", $a / $b, $a % $b);', '-3 1'],
  ['$a = (int64)-7; $b = (int64)-2; printf("%ld %ld", $a / $b, $a % $b);', '3 -1'],
  ['$a = (int64)-9223372036854775807 - 1; $b = (int64)-1; printf("%ld", $a % $b);', '0'],
  ['$a = (int64)-6; printf("%ld %ld", $a / 2, $a % 4);', '-3 -2'],
  ['printf("%d %d", -7 / 2, -7 % 2);', '-3 -1'],
  ['$a = 0xffffffffffffffff; printf("%lu %lu", $a / 2, $a % 10);', '9223372036854775807 5'],
  ['$a = 7; printf("%d %d %d", $a + 3, $a - 10, $a * -3);', '10 -3 -21'],
  ['$a = 9223372036854775807; $a++; printf("%ld", $a);', '-9223372036854775808'],
  ['$a = 1; $b = $a++ + ++$a; printf("%d %d", $a, $b);', '3 4'],
  ['$a = 5; $b = $a-- - --$a; printf("%d %d", $a, $b);', '3 2'],
  ['$a = 10; $a += 5; $a -= 3; $a *= 4; $a /= 6; $a %= 5; printf("%d", $a);', '3'],
  ['$a = 6; $a &= 12; $a |= 3; $a ^= 5; $a <<= 4; $a >>= 1; printf("%d", $a);', '16'],
  ['$a = 1; printf("%d %lx %d", $a << 3, $a << 63, 256 >> 4);', '8 8000000000000000 16'],
  ['$a = 12; $b = 10; printf("%d %d %d %ld", $a & $b, $a | $b, $a ^ $b, ~$a);', '8 14 6 -13'],
  ['$a = 3; printf("%d %d %ld", !$a, !!$a, -$a);', '0 1 -3'],
  ['$a = 2; printf("%d", ($a + 3) * 4 - 10 / ($a + 3));', '18'],
  ['printf("%d %d %d %d", 1e3, 0x1f, 010, 1_000);', '1000 31 8 1000'],
  ['printf("%d %d", 1ms, 2s);', '1000000 2000000000'],
]);

blockCases('casts and widths', [
  ['printf("%d %d %d", (int8)200, (int16)40000, (int32)4294967295);', '-56 -25536 -1'],
  ['printf("%d %d %u", (uint8)300, (uint16)70000, (uint32)4294967297);', '44 4464 1'],
  [
    '$a = (int64)-1; printf("%d %d %u", (uint8)$a, (uint16)$a, (uint32)$a);',
    '255 65535 4294967295',
  ],
  ['$a = (uint64)200; printf("%ld %ld", (int64)(int8)$a, (int64)(uint8)$a);', '-56 200'],
  ['$a = (int8)-1; printf("%lu", (uint64)$a);', '18446744073709551615'],
  ['$a = 4294967296; printf("%d %ld %u %lu", $a, $a, $a, $a);', '0 4294967296 0 4294967296'],
  ['let $a : uint8 = 255; $a++; printf("%d", $a);', '0'],
  ['let $a : int32 = 2147483647; printf("%ld", $a + 1);', '2147483648'],
  ['$a = (uint32)4294967295; $b = (int32)-1; printf("%ld %ld", $a, $b);', '4294967295 -1'],
]);

blockCases('comparisons', [
  ['$a = (int64)-1; printf("%d %d %d", $a < 1, $a > 1, $a <= -1);', '1 0 1'],
  ['$a = (uint64)-1; printf("%d %d", $a > 1, $a < 1);', '1 0'],
  ['$a = 5; printf("%d %d %d %d", $a == 5, $a != 5, $a >= 5, $a > 5);', '1 0 1 0'],
  ['$a = (int32)-2; $b = (int64)-2; printf("%d", $a == $b);', '1'],
  ['$a = 1; $b = 0; printf("%d %d %d", $a && $b, $a || $b, $b || $b);', '0 1 0'],
  ['$s = "hello"; printf("%d %d %d", $s == "hello", $s == "hell", $s != "help");', '1 0 1'],
  ['$a = "abc"; $b = "abd"; printf("%d %d", strncmp($a, $b, 2), strncmp($a, $b, 3) != 0);', '0 1'],
  ['if (comm == "no such comm") { printf("yes"); } else { printf("no"); }', 'no'],
  ['$t = (1, 2); printf("%d %d", $t == (1, 2), $t == (1, 3));', '1 0'],
]);

blockCases('control flow', [
  ['$a = 3; if ($a == 3) { printf("a"); } else { printf("b"); }', 'a'],
  [
    '$a = 4; if ($a == 3) { printf("a"); } else if ($a > 3) { printf("b"); } else { printf("c"); }',
    'b',
  ],
  ['$a = 4; if $a { printf("a"); } if !$a { printf("b"); }', 'a'],
  ['$a = 4; printf("%s %d", $a > 3 ? "big" : "small", $a < 3 ? 1 : 2);', 'big 2'],
  ['$a = 0; while ($a < 4) { printf("%d", $a); $a++; }', '0123'],
  [
    '$a = 0; while (1) { $a++; if ($a == 2) { continue; } if ($a > 4) { break; } printf("%d", $a); }',
    '134',
  ],
  ['$a = 1; unroll(5) { $a = $a * 2; } printf("%d", $a);', '32'],
  ['$a = 0; unroll(3) { printf("%d", $a); $a++; }', '012'],
  ['for ($i : 2..5) { printf("%d", $i); }', '234'],
  [
    '$sum = 0; for ($i : 0..100) { if ($i % 2) { continue; } $sum += $i; } printf("%d", $sum);',
    '2450',
  ],
  ['$a = 1; { let $b = $a + 1; $a = $b; } printf("%d", $a);', '2'],
]);

blockCases('printf', [
  ['printf("%d|%5d|%-5d|%05d|%+d", 42, 42, 42, 42, 42);', '42|   42|42   |00042|+42'],
  [
    'printf("%x|%X|%#x|%o|%lx", 255, 255, 255, 8, 0xfedcba9876543210);',
    'ff|FF|0xff|10|fedcba9876543210',
  ],
  ['printf("%d %ld %u %lu", -1, -1, -1, -1);', '-1 -1 4294967295 18446744073709551615'],
  ['printf("%hd %hhd %lld", 65535, 255, -1);', '-1 -1 -1'],
  ['printf("%c%c%c", 0x68, 105, 10);', 'hi\n'],
  ['printf("%p %p", 0xffff888000000000, 0);', '0xffff888000000000 0'],
  ['printf("%s|%10s|%-10s|%.2s", "ab", "ab", "ab", "abcdef");', 'ab|        ab|ab        |abcdef'],
  ['printf("100%%");', '100%'],
  ['printf("%s %s %s", 5, (1, "a"), true);', '5 (1, a) true'],
  [String.raw`printf("a\tb\\\"\x41\101");`, 'a\tb\\"AA'],
  ['printf("%s é 日本 %s", "é", "日本");', 'é é 日本 日本'],
  [
    '$a = 1; $b = 2; $c = 3; $d = 4; printf("%d%d%d%d%d%d%d%d", $a, $b, $c, $d, $d, $c, $b, $a);',
    '12344321',
  ],
]);

blockCases('print', [
  ['print(5);', '5\n'],
  ['print(-5);', '-5\n'],
  ['print("text");', 'text\n'],
  ['print((1, "two", (3, 4)));', '(1, two, (3, 4))\n'],
  ['print(true); print(1 == 2);', 'true\nfalse\n'],
  ['$a = (uint8)200; print($a);', '200\n'],
  ['print((int32*)4096);', '0x1000\n'],
  ['@value["k"] = 7; print(@value["k"]);', '7\n'],
  ['@whole = (1, "x"); print(@whole); print(@whole.1);', '@whole: (1, x)\nx\n'],
]);

blockCases('text', [
  [
    '$s = "abcdef"; printf("%s|%s|%s|%s", str($s, 3), str("abcdef", 3), str("abc"), str("abc", 100));',
    'ab|abc|abc|abc',
  ],
  ['$s = "abcdef"; printf("%s", str($s, 4));', 'abc'],
  ['$s = "日本"; printf("%s", str($s, 5));', '日\ufffd'],
  [
    '$s = "a longer text than one word holds"; printf("%s %d", $s, $s == "a");',
    'a longer text than one word holds 0',
  ],
  ['$s = "short"; $s = "a good deal longer"; printf("%s", $s);', 'a good deal longer'],
  ['$s = ""; printf("[%s] %d", $s, $s == "");', '[] 1'],
  ['$t = ("key", 5); $u = $t; printf("%s %d", $u.0, $u.1);', 'key 5'],
  ['@text[1] = "in a map"; $s = @text[1]; printf("%s", $s);', 'in a map'],
]);

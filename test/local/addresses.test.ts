/** Addresses of variables and maps, and what is behind them. */
import { blockCases } from '../support/block-cases.ts';

blockCases('addresses', [
  ['$a = 1; $b = &$a; print(*$b);', '1\n'],
  ['$a = -7; $b = &$a; $a = 300; print(*$b);', '300\n'],
  ['$a = (1, "hello", 2); print(*(&$a));', '(1, hello, 2)\n'],
  ['$a = "hello"; $b = (int8 *)&$a; printf("%c %c\\n", *$b, *++$b);', 'h e\n'],
  ['$a = 1; $b = &$a; $c = &$b; print(**$c);', '1\n'],
  ['$a = 1; $b = &$a; @p = &$a; $b++; print((uint64)$b - (uint64)@p);', '1\n'],
  ['@s = 5; $x = &@s; print(*$x);', '5\n'],
  ['@k[1] = 2; $x = &@k; print($x != 0);', 'true\n'],
  ['let $x; $n = 40; $p = &$x; for ($i : 0..$n) { $x = $i; } print(*$p);', '39\n'],
]);

blockCases('literals beside unsigned values', [
  [
    '$k = (uint64)18446744073709551615; @u[$k, 1] = 1; @u[5, (uint8)2] = 2; print(@u[5, 2]);',
    '2\n',
  ],
  ['$t = (1, (uint64)7); $t = ((uint64)2, 8); print($t);', '(2, 8)\n'],
  ['$t = (a=1, b=2); $t = (a=(uint32)3, b=(uint64)4); print($t);', '{ .a = 3, .b = 4 }\n'],
  ['$t = true ? (1, 2) : ((uint64)3, (uint32)4); print($t);', '(1, 2)\n'],
]);

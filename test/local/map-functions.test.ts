/** Functions that ask maps and stacks: what is in them, and how much. */
import { blockCases } from '../support/block-cases.ts';

blockCases('find', [
  ['let $a; @a[2] = (1, "hello"); if (find(@a, 2, $a)) { print($a); }', '(1, hello)\n'],
  ['$b = 7; @b[1] = 1; print((find(@b, 5, $b), $b));', '(false, 7)\n'],
  ['let $c; @c["k"] = count(); @c["k"] = count(); print((find(@c, "k", $c), $c));', '(true, 2)\n'],
  ['$d = "longer text"; @d[1, 2] = "x"; if (find(@d, (1, 2), $d)) { print($d); }', 'x\n'],
  ['let $e; @e[1] = -5; if (find(@e, 1, $e)) { print($e + 1); }', '-4\n'],
]);

blockCases('len', [
  ['for ($i : 0..100) { @l[$i, "x"] = count(); } delete(@l, (5, "x")); print(len(@l));', '99\n'],
  ['@n[1] = 1; delete(@n[1]); print(len(@n));', '0\n'],
  ['print(len(kstack(2)));', '2\n'],
  ['@s = kstack(3); print(len(@s));', '3\n'],
  ['$s = ustack(1); print(len($s));', '1\n'],
]);

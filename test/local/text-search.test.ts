/** Searching and comparing text, short and long, in code that runs and in code that cannot. */
import { blockCases } from '../support/block-cases.ts';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';

blockCases('text search', [
  [
    '@a = "hello world"; @b = "wor"; printf("%d %d %d", strstr(@a, @b), strstr(@b, @a), strstr(@a, "d"));',
    '6 -1 10',
  ],
  [
    '@a = "hello"; @e = ""; printf("%d %d %d", strstr(@a, @e), strstr(@e, @a), strstr(@e, @e));',
    '0 -1 0',
  ],
  ['@a = "aaaaaaab"; @b = "aab"; printf("%d %d", strstr(@a, @b), strcontains(@b, @a));', '5 0'],
  ['@a = "hello"; printf("%d %d", strcontains(@a, "lo"), strcontains(@a, "lx"));', '1 0'],
  [
    '@a = "hello"; @b = "l"; for ($i : 0..100) { if (strstr(@a, @b) + $i == 4) { printf("%d", $i); break; } }',
    '2',
  ],
  ['@a = "x"; @b = "y"; if ("abc" == "abd") { printf("%d", strstr(@a, @b)); } printf("no");', 'no'],
]);

blockCases('long text', [
  [
    `@a = "${ALPHABET}"; @b = "${ALPHABET}"; @c = "${ALPHABET}K"; printf("%d %d %d %d", strncmp(@a, @b, 200), strncmp(@a, @c, 200), strncmp(@a, @c, 46), strncmp(@a, @c, 47));`,
    '0 1 0 1',
  ],
  [
    `@a = "${ALPHABET}"; @b = "${ALPHABET.slice(0, 40)}ghij"; printf("%d %d", strncmp(@a, @b, 40), strncmp(@a, @b, 41));`,
    '0 1',
  ],
]);

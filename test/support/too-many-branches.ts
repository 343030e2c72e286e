/**
 * A short program with 8,300 branches in one statement, of which the kernel's verifier gives up: a way to meet its refusals.
 */
function times(count: number, call: string): string {
  return `${call}; `.repeat(count);
}

export const TOO_MANY_BRANCHES: string = [
  'macro one($v) { if ($v > 9) { $v ^= 5; } }',
  `macro ten($v) { ${times(10, 'one($v)')} }`,
  `macro hundred($v) { ${times(10, 'ten($v)')} }`,
  `macro thousand($v) { ${times(10, 'hundred($v)')} }`,
  `BEGIN { $v = rand; if ($v) { ${times(8, 'thousand($v)')} ${times(3, 'hundred($v)')} @m = $v; } else { @m = 1; } }`,
].join('\n');

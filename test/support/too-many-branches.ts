/** A short program with 10,000 branches, of which the kernel's verifier gives up: a way to meet its refusals. */
function tenTimes(call: string): string {
  return `${call}; `.repeat(10);
}

export const TOO_MANY_BRANCHES: string = [
  'macro one(@m) { if (rand == 3) { @m = 1; } }',
  `macro ten(@m) { ${tenTimes('one(@m)')} }`,
  `macro hundred(@m) { ${tenTimes('ten(@m)')} }`,
  `macro thousand(@m) { ${tenTimes('hundred(@m)')} }`,
  `BEGIN { ${tenTimes('thousand(@m)')} }`,
].join('\n');

/**
 * Faults of bpfleet itself: what is thrown where one of its invariants broke. Whoever meets one needs no stack, but to know that
 * it is not their doing, and what to report.
 */

/** The exit code of a process that ends with one: `EX_SOFTWARE` of sysexits.h. */
export const OWN_FAULT_EXIT_CODE = 70;

const OWN: readonly string[] = [
  'AssertionError',
  'InternalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
];

/** One line; undefined for what is no fault of ours. */
export function ownFaultText(error: unknown, version: string): string | undefined {
  if (!(error instanceof Error) || !OWN.includes(error.name)) return undefined;
  const message = error.message.replaceAll(/\s+/g, ' ').trim();
  const place = /^ +at (?:async )?(?:new )?([\w.#<>]+)/m.exec(error.stack ?? '')?.[1];
  const where = place === undefined ? '' : ` in ${place}`;
  return (
    `BUG: bpfleet ${version}: ${error.name}${where}: ${message}. ` +
    'This is no fault of yours. Please report it with your program, how you called bpfleet, and what `bpfleet local --info` prints.'
  );
}

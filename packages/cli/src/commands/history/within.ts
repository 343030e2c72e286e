/** How near something is to be: a time shorter than those of other flags. */
import { InvalidArgumentError } from 'commander';

const UNITS_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
};

/** Nanoseconds. @throws {InvalidArgumentError} */
export function parseWithin(text: string): bigint {
  const [, count = '', unit = ''] = /^(\d{1,9})(ns|us|ms|s|m)$/.exec(text) ?? [];
  const scale = UNITS_NS[unit];
  if (scale === undefined) throw new InvalidArgumentError('such as 500us, 10ms or 2s.');
  return BigInt(count) * scale;
}

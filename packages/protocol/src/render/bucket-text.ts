/** How a map sorts what it counts into buckets, in a few words. */
import type { BucketScheme } from '../schema/told-of-maps.ts';

export function bucketText(scheme: BucketScheme): string {
  switch (scheme.kind) {
    case 'hist':
      return scheme.bits === 0 ? 'powers of two' : `${2 ** scheme.bits} for each power of two`;
    case 'lhist':
      return `${scheme.step} wide from ${scheme.min} to ${scheme.max}`;
    case 'tseries':
      return `${scheme.aggregate} of each ${durationText(scheme.intervalNs)}`;
  }
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
];

function durationText(ns: bigint): string {
  const [unit, size] = UNITS.find(([, size]) => ns % size === 0n) ?? ['ns', 1n];
  return `${ns / size} ${unit}`;
}

/** Histograms as lists of buckets: from what a query gives, added, and measured against each other. */
import type { Buckets } from '@bpfleet/protocol';

/** As a query gives them. */
export function bucketsOf(hits: Readonly<Record<string, string>>): Buckets {
  return Object.entries(hits)
    .map(([at, count]) => [Number(at), BigInt(count)] as const)
    .toSorted(([a], [b]) => a - b);
}

export function hitsOf(buckets: Buckets): bigint {
  return buckets.reduce((sum, [, hits]) => sum + hits, 0n);
}

/** Buckets that come to nothing are left out. */
export function addBuckets(a: Buckets, b: Buckets): Buckets {
  const sum = new Map(a);
  for (const [at, hits] of b) sum.set(at, (sum.get(at) ?? 0n) + hits);
  return [...sum].filter(([, hits]) => hits !== 0n).toSorted(([x], [y]) => x - y);
}

export function subtractBuckets(a: Buckets, b: Buckets): Buckets {
  return addBuckets(
    a,
    b.map(([at, hits]) => [at, -hits] as const),
  );
}

/** Of all hits, the part that each bucket has. */
function sharesOf(buckets: Buckets): ReadonlyMap<number, number> {
  const all = Number(hitsOf(buckets));
  return new Map(all === 0 ? [] : buckets.map(([at, hits]) => [at, Number(hits) / all]));
}

/**
 * The Jensen–Shannon distance of two histograms: the root of the divergence of either from their mean, in bits. It
 * is 0 where they have the same shape, however many hits, 1 where no bucket is in both, and a metric between. Undefined
 * where one has no hits.
 */
export function shapeDistance(a: Buckets, b: Buckets): number | undefined {
  if (hitsOf(a) <= 0n || hitsOf(b) <= 0n) return undefined;
  const [p, q] = [sharesOf(a), sharesOf(b)];
  let divergence = 0;
  for (const at of new Set([...p.keys(), ...q.keys()])) {
    const [x, y] = [p.get(at) ?? 0, q.get(at) ?? 0];
    const mean = (x + y) / 2;
    if (x > 0) divergence += (x / 2) * Math.log2(x / mean);
    if (y > 0) divergence += (y / 2) * Math.log2(y / mean);
  }
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

/** By how many buckets the hits of `b` lie further right than those of `a`, on average. Undefined as above. */
export function bucketShift(a: Buckets, b: Buckets): number | undefined {
  if (hitsOf(a) <= 0n || hitsOf(b) <= 0n) return undefined;
  const mean = (buckets: Buckets): number =>
    [...sharesOf(buckets)].reduce((sum, [at, share]) => sum + at * share, 0);
  return mean(b) - mean(a);
}

/** Sizes of integers in memory. */

/** The smallest integer that holds so many bits; never more than 8 bytes. */
export function coveringBytes(bits: number): 1 | 2 | 4 | 8 {
  if (bits <= 8) return 1;
  if (bits <= 16) return 2;
  return bits <= 32 ? 4 : 8;
}
